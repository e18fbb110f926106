import type { SeriesData } from '#lib/model/metrics.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import type { MatrixSelector, Subquery, TimeShift, VectorSelector } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import { print } from './print.ts';
import type { Column, Grid, Samples } from './value.ts';
import { timeAt } from './value.ts';

/** The moment a selector looks back from at step i is `firstMs + i · stepMs`; with `@` it stands still. */
export interface Reference {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly lastMs: number;
}

export function reference(evaluation: Evaluation, shift: TimeShift, grid: Grid): Reference {
  const offset = shift.offset?.ms ?? 0;
  if (shift.at === undefined) {
    const firstMs = grid.startMs - offset;
    return { firstMs, stepMs: grid.stepMs, lastMs: timeAt(grid, grid.steps - 1) - offset };
  }
  const at = shift.at === 'start' ? evaluation.startMs : shift.at === 'end' ? evaluation.endMs : shift.at;
  return { firstMs: at - offset, stepMs: 0, lastMs: at - offset };
}

/**
 * The latest sample of each series in (t − lookback, t], unless it is a staleness marker.
 * @param what `times` gives the samples' own times in seconds instead of their values
 */
export async function instantVector(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
  what: 'values' | 'times' = 'values',
): Promise<Column[]> {
  const ref = reference(evaluation, selector.shift, grid);
  const lookback = evaluation.lookbackMs;
  const found = await evaluation.fetch(
    selector.matchers,
    ref.firstMs - lookback,
    ref.lastMs,
    print(selector),
    {
      func: '',
      rangeMs: 0,
      stepMs: grid.stepMs,
    },
  );
  const columns: Column[] = [];
  for (const series of found) {
    const column = lookBack(series, grid, ref, lookback, what);
    if (column) {
      evaluation.reserve(grid.steps);
      columns.push(column);
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}

function lookBack(
  series: SeriesData,
  grid: Grid,
  ref: Reference,
  lookback: number,
  what: 'values' | 'times',
): Column | undefined {
  const { timestamps, values } = series;
  const words = wordsOf(values);
  const out = new Float64Array(grid.steps);
  const present = new Uint8Array(grid.steps);
  const count = timestamps.length;
  let next = 0;
  let any = false;
  for (let i = 0; i < grid.steps; i++) {
    const at = ref.firstMs + i * ref.stepMs;
    while (next < count && (timestamps[next] ?? 0) <= at) next++;
    if (next === 0) continue;
    const time = timestamps[next - 1] ?? 0;
    if (time <= at - lookback) continue;
    const value = values[next - 1] ?? 0;
    if (Number.isNaN(value) && isStale(words, next - 1)) continue;
    out[i] = what === 'values' ? value : time / 1000;
    present[i] = 1;
    any = true;
  }
  return any ? { labels: series.labels, values: out, present } : undefined;
}

/** All samples that the windows of a range selector can see. */
export async function rangeSamples(
  evaluation: Evaluation,
  expr: MatrixSelector,
  grid: Grid,
  func: string,
): Promise<Samples[]> {
  const ref = reference(evaluation, expr.selector.shift, grid);
  const found = await evaluation.fetch(
    expr.selector.matchers,
    ref.firstMs - expr.range.ms,
    ref.lastMs,
    print(expr),
    {
      func,
      rangeMs: expr.range.ms,
      stepMs: grid.stepMs,
    },
  );
  return found.map(withoutStale);
}

function withoutStale(series: SeriesData): Samples {
  const words = wordsOf(series.values);
  let stale = 0;
  for (let i = 0; i < series.values.length; i++) {
    if (Number.isNaN(series.values[i]) && isStale(words, i)) stale++;
  }
  if (stale === 0) return { labels: series.labels, times: series.timestamps, values: series.values };
  const times = new Float64Array(series.values.length - stale);
  const values = new Float64Array(series.values.length - stale);
  let kept = 0;
  for (let i = 0; i < series.values.length; i++) {
    const value = series.values[i] ?? 0;
    if (Number.isNaN(value) && isStale(words, i)) continue;
    times[kept] = series.timestamps[i] ?? 0;
    values[kept++] = value;
  }
  return { labels: series.labels, times, values };
}

/** Step of a subquery that names none: Prometheus' default evaluation interval. */
const DEFAULT_STEP_MS = 60_000;

/** The times a subquery is evaluated at: multiples of its step (since the epoch) inside the outer windows. */
export function subqueryGrid(evaluation: Evaluation, expr: Subquery, grid: Grid): Grid | undefined {
  const ref = reference(evaluation, expr.shift, grid);
  const stepMs = expr.step?.ms ?? DEFAULT_STEP_MS;
  const after = ref.firstMs - expr.range.ms;
  const startMs = (Math.floor(after / stepMs) + 1) * stepMs;
  const steps = Math.floor((ref.lastMs - startMs) / stepMs) + 1;
  return steps > 0 ? { startMs, stepMs, steps } : undefined;
}

/** A subquery's result as samples. */
export function columnSamples(column: Column, grid: Grid): Samples {
  const times: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < grid.steps; i++) {
    if (!column.present[i]) continue;
    times.push(timeAt(grid, i));
    values.push(column.values[i] ?? 0);
  }
  return { labels: column.labels, times: Float64Array.from(times), values: Float64Array.from(values) };
}
