import type { Labels } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { withoutParens } from './ast.ts';
import { valueType } from './check.ts';
import { evaluate, matrixOf } from './evaluate.ts';
import type { EvaluationSettings, Limits, MetricSource } from './evaluation.ts';
import { DEFAULT_LIMITS, Evaluation } from './evaluation.ts';
import { extendedSamples } from './extended.ts';
import { badRequest, executionFault, SAME_LABELSET } from './fault.ts';
import type { Matrix } from './matrix.ts';
import type { Pacer } from './pacer.ts';
import { sortedWithPauses } from './pacer.ts';
import { parse } from './parse.ts';
import type { RangeSeries } from './range-series.ts';
import { cleaned } from './range-series.ts';
import type { QueryStats } from './stats.ts';
import { presentOnly } from './subquery.ts';
import type { Column, Grid, Samples } from './value.ts';
import { compareLabels, timeAt, withNamesDropped, withoutName } from './value.ts';

export interface VectorElement {
  readonly labels: Labels;
  /** NaN, and without meaning, beside a histogram. */
  readonly value: number;
  readonly histogram?: NativeHistogram;
}

/** Times in ms since the epoch throughout. */
export type QueryData =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  | { readonly type: 'vector'; readonly timeMs: number; readonly elements: readonly VectorElement[] }
  | { readonly type: 'matrix'; readonly series: readonly Samples[] };

export interface QueryResult<D extends QueryData = QueryData> {
  readonly data: D;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
}

export type MatrixResult = QueryResult<Extract<QueryData, { type: 'matrix' }>>;

export interface QueryOptions {
  /** How far an instant selector looks back, 5 min unless told. */
  readonly lookbackMs?: number;
  readonly limits?: Partial<Limits>;
  /** Once it aborts, the query ends at its next pause with the fault `canceled`. */
  readonly signal?: AbortSignal;
  /** How long the query waited for its turn, for the statistics. */
  readonly queueMs?: number;
}

const DEFAULT_LOOKBACK_MS = 300_000;
/** As Prometheus counts: 11,000 steps have one more end than beginnings. */
const MAX_STEPS = 11_001;

function settings(options: QueryOptions): EvaluationSettings {
  return {
    lookbackMs: options.lookbackMs ?? DEFAULT_LOOKBACK_MS,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    signal: options.signal,
    queueMs: options.queueMs ?? 0,
  };
}

function answer<D extends QueryData>(evaluation: Evaluation, data: D): QueryResult<D> {
  const { warnings, infos } = evaluation.annotations;
  return { data, warnings, infos, stats: evaluation.stats() };
}

/** Value at one moment. A query of a range selector gives its samples. Throws Faults `bad_data`, `execution`, `timeout`, `canceled`. */
export async function instantQuery(
  source: MetricSource,
  query: string,
  options: QueryOptions & { readonly timeMs: number },
): Promise<QueryResult> {
  const { timeMs } = options;
  const expr = parse(query, { stepMs: 0, rangeMs: 0 });
  const times = { startMs: timeMs, endMs: timeMs, stepMs: 0, isInstant: true };
  const evaluation = new Evaluation(source, query, times, settings(options));
  const grid: Grid = { startMs: timeMs, stepMs: 1, steps: 1 };
  const finish = (data: QueryData): QueryResult => answer(evaluation, data);
  if (valueType(expr) === 'matrix') {
    const matrix = await matrixOf(evaluation, withoutParens(expr), grid);
    const series = matrix.extension
      ? extendedSamples(evaluation, matrix)
      : matrix.series.flatMap((s) => clipped(s, matrix));
    return finish({ type: 'matrix', series: await sorted(evaluation, series) });
  }
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'string') return finish({ type: 'string', timeMs, value: value.value });
  if (value.type === 'scalar') return finish({ type: 'scalar', timeMs, value: value.values[0] ?? 0 });
  const columns = await withNamesDropped(
    evaluation,
    value.columns.filter(({ present }) => present[0]),
  );
  const elements = columns.map(({ labels, values, histograms }) => {
    const histogram = histograms?.[0];
    return { labels, value: values[0] ?? 0, ...(histogram ? { histogram } : {}) };
  });
  return finish({ type: 'vector', timeMs, elements });
}

/** Values at startMs, startMs + stepMs, … up to endMs. Throws Faults `bad_data`, `execution`, `timeout`, `canceled`. */
export async function rangeQuery(
  source: MetricSource,
  query: string,
  options: QueryOptions & { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
): Promise<MatrixResult> {
  const { startMs, endMs, stepMs } = options;
  if (!(stepMs > 0))
    throw badRequest(
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (endMs < startMs) throw badRequest('end timestamp must not be before start time');
  const steps = Math.floor((endMs - startMs) / stepMs) + 1;
  if (steps > MAX_STEPS)
    throw badRequest(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const expr = parse(query, { stepMs, rangeMs: endMs - startMs });
  const type = valueType(expr);
  if (type !== 'scalar' && type !== 'vector')
    throw badRequest(
      `invalid expression type "${type === 'matrix' ? 'range vector' : type}" for range query, must be Scalar or instant Vector`,
    );
  const evaluation = new Evaluation(
    source,
    query,
    { startMs, endMs, stepMs, isInstant: false },
    settings(options),
  );
  const grid: Grid = { startMs, stepMs, steps };
  const value = await evaluate(evaluation, expr, grid);
  const series: Samples[] = [];
  const times = gridTimes(grid);
  if (value.type === 'scalar') series.push({ labels: [], times, values: value.values });
  else if (value.type === 'vector')
    for (const column of await withNamesDropped(evaluation, value.columns)) {
      const samples = kept(column, times);
      if (samples.times.length) series.push(samples);
      if (evaluation.due()) await evaluation.pause();
    }
  return answer(evaluation, { type: 'matrix', series: await sorted(evaluation, series) });
}

async function sorted(pacer: Pacer, series: readonly Samples[]): Promise<Samples[]> {
  const inOrder = await sortedWithPauses(pacer, series, (a, b) => compareLabels(a.labels, b.labels));
  for (let i = 1; i < inOrder.length; i++) {
    const [a, b] = [inOrder[i - 1], inOrder[i]];
    if (a && b && compareLabels(a.labels, b.labels) === 0) throw executionFault(SAME_LABELSET);
  }
  return inOrder;
}

function gridTimes(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.steps }, (_, step) => timeAt(grid, step));
}

/** Columns without gaps share their times. */
function kept(column: Column, all: Float64Array): Samples {
  const { labels } = column;
  if (!column.present.includes(0) && !column.histograms) return { labels, times: all, values: column.values };
  const { times, values, histograms } = presentOnly(column, all);
  const any = histograms?.some((histogram) => histogram);
  return { labels, times, values, ...(any && histograms ? { histograms } : {}) };
}

/** What the window of an instant query sees of a range vector. */
function clipped(raw: RangeSeries, { reference, rangeMs }: Matrix): Samples[] {
  const { labels, times, values, histograms, dropName } = cleaned(raw);
  const until = reference.firstMs;
  let lo = 0;
  while (lo < times.length && (times[lo] ?? 0) <= until - rangeMs) lo++;
  let hi = times.length;
  while (hi > lo && (times[hi - 1] ?? 0) > until) hi--;
  if (hi === lo) return [];
  const inside = histograms?.slice(lo, hi);
  return [
    {
      labels: dropName ? withoutName(labels) : labels,
      times: times.subarray(lo, hi),
      values: values.subarray(lo, hi),
      ...(inside ? { histograms: inside } : {}),
    },
  ];
}
