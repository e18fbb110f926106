import type { Labels } from '#lib/model/labels.ts';
import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { forMetric } from './annotations.ts';
import type { Position } from './ast.ts';
import type { Buckets } from './bucket.ts';
import { forceAscending } from './bucket.ts';
import type { Evaluation } from './evaluation.ts';
import { HistogramNotes } from './native/notes.ts';
import type { Estimate } from './native/statistics.ts';
import { groupBy } from './signature.ts';
import type { Column } from './value.ts';
import { anyPresent, floatColumn, floatsOnly } from './value.ts';

interface Bucket {
  readonly bound: number;
  readonly column: Column;
}

/** A statistic of either kind of histogram, at a step. */
export interface HistogramFunction {
  readonly classic: (buckets: Buckets, step: number) => number;
  readonly native: (histogram: NativeHistogram, step: number) => Estimate;
}

const MONOTONICITY =
  'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

const withoutBound = (labels: Labels): Labels => labels.filter(([name]) => name !== 'le');

/**
 * Applies a function to each histogram at each step: the classic ones (series that differ in `le` alone) and the
 * native ones. Where both stand under the same labels neither counts.
 * @param position of the vector among the arguments, for warnings about it
 * @param first position of the first argument, where Prometheus points at native histograms
 */
export async function overHistograms(
  evaluation: Evaluation,
  columns: Column[],
  position: Position,
  first: Position,
  apply: HistogramFunction,
): Promise<Column[]> {
  const result: Column[] = [];
  const notes = new HistogramNotes(evaluation.annotations, position);
  const natives = columns.filter(({ histograms }) => histograms);
  const nativeByKey = await groupBy(evaluation, natives, (labels) => labels);
  const clash = new Map<Column, Uint8Array>();
  for (const [key, { labels, items }] of await groupBy(evaluation, floatsOnly(columns), withoutBound)) {
    const buckets = readBounds(evaluation, items, position);
    const steps = buckets[0]?.column.present.length ?? 0;
    if (buckets.length === 0) continue;
    evaluation.reserve(steps);
    const dropName = true;
    const column = floatColumn(labels, new Float64Array(steps), new Uint8Array(steps), dropName);
    const [native] = nativeByKey.get(key)?.items ?? [];
    const clashing = native && new Uint8Array(steps);
    for (let step = 0; step < steps; step++) {
      const histogram = histogramAt(buckets, step);
      if (histogram.bounds.length === 0) continue;
      if (clashing && native.present[step] && native.histograms?.[step]) {
        clashing[step] = 1;
        notes.mixedClassic(nameOf(items));
        continue;
      }
      if (forceAscending(histogram))
        evaluation.annotations.info(forMetric(MONOTONICITY, nameOf(items)), position);
      column.values[step] = apply.classic(histogram, step);
      column.present[step] = 1;
    }
    if (native && clashing) clash.set(native, clashing);
    if (anyPresent(column.present)) result.push(column);
    if (evaluation.due()) await evaluation.pause();
  }
  const nativeNotes = new HistogramNotes(evaluation.annotations, first);
  for (const column of natives) {
    const found = nativeColumn(column, clash.get(column), apply, nativeNotes);
    if (found) result.push(found);
    evaluation.reserve(column.present.length);
    if (evaluation.due()) await evaluation.pause();
  }
  return result;
}

function nativeColumn(
  { labels, present, histograms }: Column,
  clashing: Uint8Array | undefined,
  apply: HistogramFunction,
  notes: HistogramNotes,
): Column | undefined {
  const values = new Float64Array(present.length);
  const here = new Uint8Array(present.length);
  for (let step = 0; step < present.length; step++) {
    const histogram = histograms?.[step];
    if (!present[step] || !histogram || clashing?.[step]) continue;
    const { value, nan } = apply.native(histogram, step);
    if (nan !== 'none') notes.nan(nan, labelValue(labels, METRIC_NAME));
    values[step] = value;
    here[step] = 1;
  }
  return anyPresent(here) ? floatColumn(labels, values, here, true) : undefined;
}

/** A number of each native histogram; floats are passed over. */
export async function perHistogram(
  evaluation: Evaluation,
  columns: readonly Column[],
  statistic: (histogram: NativeHistogram) => number,
): Promise<Column[]> {
  const result: Column[] = [];
  for (const { labels, present, histograms } of columns) {
    if (!histograms) continue;
    const values = new Float64Array(present.length);
    const here = new Uint8Array(present.length);
    for (let step = 0; step < present.length; step++) {
      const histogram = histograms[step];
      if (!present[step] || !histogram) continue;
      values[step] = statistic(histogram);
      here[step] = 1;
    }
    evaluation.reserve(present.length);
    if (anyPresent(here)) result.push(floatColumn(labels, values, here, true));
    if (evaluation.due()) await evaluation.pause();
  }
  return result;
}

function nameOf(columns: readonly { readonly labels: Labels }[]): string {
  return columns[0] ? labelValue(columns[0].labels, METRIC_NAME) : '';
}

function readBounds(evaluation: Evaluation, columns: readonly Column[], position: Position): Bucket[] {
  const buckets: Bucket[] = [];
  for (const column of columns) {
    const text = labelValue(column.labels, 'le');
    const bound = parseBound(text);
    if (Number.isNaN(bound))
      evaluation.annotations.warn(
        forMetric(
          `bucket label "le" is missing or has a malformed value of ${JSON.stringify(text)}`,
          nameOf([column]),
        ),
        position,
      );
    else buckets.push({ bound, column });
  }
  return buckets.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
}

function parseBound(text: string): number {
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** Buckets that have a sample at the step; those with one bound written in two ways (`1`, `1.0`) add up. */
function histogramAt(buckets: readonly Bucket[], step: number): Buckets {
  const bounds: number[] = [];
  const counts: number[] = [];
  for (const { bound, column } of buckets) {
    if (!column.present[step]) continue;
    const count = column.values[step] ?? 0;
    const last = bounds.length - 1;
    if (bounds[last] === bound) counts[last] = (counts[last] ?? 0) + count;
    else {
      bounds.push(bound);
      counts.push(count);
    }
  }
  return { bounds, counts };
}
