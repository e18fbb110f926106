import type { Labels } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { withoutParens } from './ast.ts';
import { valueType } from './check.ts';
import { evaluate, matrixOf } from './evaluate.ts';
import type { EvaluationSettings, Limits, MetricSource } from './evaluation.ts';
import { DEFAULT_LIMITS, Evaluation } from './evaluation.ts';
import { badRequest, executionFault, SAME_LABELSET } from './fault.ts';
import { parse } from './parse.ts';
import type { QueryStats } from './stats.ts';
import type { Column, Grid, Samples } from './value.ts';
import { compareLabels, refuseSameLabels, timeAt } from './value.ts';

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
const MAX_STEPS = 11_000;

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
    const end = matrix.reference.firstMs;
    const series = matrix.samples.map((samples) => clip(samples, end - matrix.rangeMs, end));
    return finish({ type: 'matrix', series: sorted(series.filter(({ times: kept }) => kept.length > 0)) });
  }
  const value = await evaluate(evaluation, expr, grid);
  if (value.type === 'string') return finish({ type: 'string', timeMs, value: value.value });
  if (value.type === 'scalar') return finish({ type: 'scalar', timeMs, value: value.values[0] ?? 0 });
  const columns = refuseSameLabels(value.columns.filter(({ present }) => present[0]));
  const elements = columns.map(({ labels, values }) => ({ labels, value: values[0] ?? 0 }));
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
  const times = { startMs, endMs, stepMs, isInstant: false };
  const evaluation = new Evaluation(source, query, times, settings(options));
  const grid: Grid = { startMs, stepMs, steps };
  const value = await evaluate(evaluation, expr, grid);
  const series: Samples[] = [];
  if (value.type === 'scalar')
    series.push(kept({ labels: [], values: value.values, present: new Uint8Array(steps).fill(1) }, grid));
  else if (value.type === 'vector')
    for (const column of refuseSameLabels(value.columns)) {
      const samples = kept(column, grid);
      if (samples.times.length) series.push(samples);
      if (evaluation.due()) await evaluation.pause();
    }
  return answer(evaluation, { type: 'matrix', series: sorted(series) });
}

function sorted(series: readonly Samples[]): Samples[] {
  const inOrder = series.toSorted((a, b) => compareLabels(a.labels, b.labels));
  for (let i = 1; i < inOrder.length; i++) {
    const [a, b] = [inOrder[i - 1], inOrder[i]];
    if (a && b && compareLabels(a.labels, b.labels) === 0) throw executionFault(SAME_LABELSET);
  }
  return inOrder;
}

function kept({ labels, values, present }: Column, grid: Grid): Samples {
  let count = 0;
  for (let i = 0; i < present.length; i++) count += present[i] ?? 0;
  const times = new Float64Array(count);
  const out = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    times[next] = timeAt(grid, i);
    out[next++] = values[i] ?? 0;
  }
  return { labels, times, values: out };
}

function clip({ labels, times, values }: Samples, after: number, until: number): Samples {
  let lo = 0;
  while (lo < times.length && (times[lo] ?? 0) <= after) lo++;
  let hi = times.length;
  while (hi > lo && (times[hi - 1] ?? 0) > until) hi--;
  return { labels, times: times.subarray(lo, hi), values: values.subarray(lo, hi) };
}
