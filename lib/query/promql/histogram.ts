import type { Labels } from '#lib/model/labels.ts';
import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import { forMetric } from './annotations.ts';
import type { Position } from './ast.ts';
import type { Buckets } from './bucket.ts';
import { forceAscending } from './bucket.ts';
import type { Evaluation } from './evaluation.ts';
import { groupBy, pick } from './signature.ts';
import type { Column } from './value.ts';
import { anyPresent, mergeSameLabels } from './value.ts';

interface Bucket {
  readonly bound: number;
  readonly column: Column;
}

const MONOTONICITY =
  'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

/**
 * Applies a function to each classic histogram (the series that differ in `le` alone) at each step.
 * @param position of the argument, for warnings
 */
export async function overHistograms(
  evaluation: Evaluation,
  columns: Column[],
  position: Position,
  apply: (buckets: Buckets, step: number) => number,
): Promise<Column[]> {
  const result: Column[] = [];
  for (const { labels, items } of groupBy(columns, pick(['le'], false)).values()) {
    const buckets = readBounds(evaluation, items, position);
    if (buckets.length === 0) continue;
    const steps = buckets[0]?.column.present.length ?? 0;
    evaluation.reserve(steps);
    const column = { labels, values: new Float64Array(steps), present: new Uint8Array(steps) };
    for (let step = 0; step < steps; step++) {
      const histogram = histogramAt(buckets, step);
      if (histogram.bounds.length === 0) continue;
      if (forceAscending(histogram))
        evaluation.annotations.info(forMetric(MONOTONICITY, nameOf(items)), position);
      column.values[step] = apply(histogram, step);
      column.present[step] = 1;
    }
    if (anyPresent(column.present)) result.push(column);
    if (evaluation.due()) await evaluation.pause();
  }
  return mergeSameLabels(result);
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
