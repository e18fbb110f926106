import type { VectorSelector } from './ast.ts';
import { WindowBounds } from './bounds.ts';
import type { Evaluation } from './evaluation.ts';
import type { RateKind } from './extrapolation.ts';
import { executionFault } from './fault.ts';
import type { Matrix } from './matrix.ts';
import { print } from './print.ts';
import type { RangeSeries } from './range-series.ts';
import { cleaned } from './range-series.ts';
import type { Reference } from './reference.ts';
import { reference } from './reference.ts';
import type { Column, Grid, Samples } from './value.ts';
import { floatColumn } from './value.ts';

/*
 * `anchored` and `smoothed`: values at a window's edges, taken from the sample in front of it (anchored) or from the
 * line between the samples on either side (smoothed). The samples to use stand at [lo, hi) of a series, which reaches
 * beyond the window by the lookback.
 */

/** Value at a time between two samples; a counter that fell between them began anew at zero. */
function between(series: RangeSeries, index: number, at: number, counter: boolean): number {
  const { times, values } = series;
  const [from, to] = [times[index] ?? 0, times[index + 1] ?? 0];
  const after = values[index + 1] ?? 0;
  const value = values[index] ?? 0;
  const before = counter && after < value ? 0 : value;
  return before + ((after - before) * (at - from)) / (to - from);
}

interface Edges {
  readonly first: number;
  readonly last: number;
  readonly left: number;
  readonly right: number;
}

/** First and last sample that matter, and the values at the edges; undefined when the window itself has nothing. */
function edges(
  series: RangeSeries,
  lo: number,
  hi: number,
  startMs: number,
  endMs: number,
  smoothed: boolean,
  counter: boolean,
): Edges | undefined {
  const { times, values } = series;
  let last = hi - 1;
  if (last < lo) return undefined;
  let first = lo;
  while (first < last && (times[first] ?? 0) <= startMs) first++;
  first = Math.max(lo, first - 1);
  if (smoothed) {
    let end = lo;
    while (end < last && (times[end] ?? 0) < endMs) end++;
    last = end;
  }
  if ((times[last] ?? 0) <= startMs) return undefined;
  const isBefore = smoothed && (times[first] ?? 0) < startMs;
  const isAfter = smoothed && last > lo && (times[last] ?? 0) > endMs;
  return {
    first,
    last,
    left: isBefore ? between(series, first, startMs, counter) : (values[first] ?? 0),
    right: isAfter ? between(series, last - 1, endMs, counter) : (values[last] ?? 0),
  };
}

function floatSeries(series: RangeSeries): RangeSeries {
  if (series.histograms)
    throw executionFault('smoothed and anchored modifiers do not work with native histograms');
  return cleaned(series);
}

function reachOf(evaluation: Evaluation, extension: 'anchored' | 'smoothed'): number {
  return extension === 'smoothed' ? evaluation.lookbackMs : 0;
}

function extendedBounds(evaluation: Evaluation, matrix: Matrix, steps: number): WindowBounds {
  const after = reachOf(evaluation, matrix.extension ?? 'anchored');
  const { firstMs, stepMs, lastMs } = matrix.reference;
  const ahead: Reference = { firstMs: firstMs + after, stepMs, lastMs: lastMs + after };
  return new WindowBounds(ahead, matrix.rangeMs + evaluation.lookbackMs + after, steps);
}

/** rate, increase, delta, changes and resets of an anchored or smoothed range. */
export async function extendedColumns(
  evaluation: Evaluation,
  matrix: Matrix,
  grid: Grid,
  name: string,
  rate: RateKind | undefined,
): Promise<Column[]> {
  const windows = extendedBounds(evaluation, matrix, grid.steps);
  const columns: Column[] = [];
  for (const raw of matrix.series) {
    const series = floatSeries(raw);
    const { lo, hi } = windows.of(series.times);
    const out = new Float64Array(grid.steps);
    const present = new Uint8Array(grid.steps);
    for (let i = 0; i < grid.steps; i++) {
      const endMs = matrix.reference.firstMs + i * matrix.reference.stepMs;
      const startMs = endMs - matrix.rangeMs;
      const smoothed = matrix.extension === 'smoothed';
      const counter = rate?.counter ?? false;
      const found = edges(series, lo[i] ?? 0, hi[i] ?? 0, startMs, endMs, smoothed, counter);
      if (!found) continue;
      const value = rate
        ? change(series, found, startMs, endMs, rate.counter)
        : countPairs(series.values, found, name === 'resets');
      out[i] = rate?.perSecond ? value / (matrix.rangeMs / 1000) : value;
      present[i] = 1;
    }
    if (present.includes(1)) columns.push(floatColumn(series.labels, out, present, series.dropName));
    evaluation.reserve(grid.steps);
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}

function change(series: RangeSeries, found: Edges, startMs: number, endMs: number, counter: boolean): number {
  const { times, values } = series;
  const { left, right } = found;
  let total = right - left;
  if (!counter) return total;
  const first = (times[found.first] ?? 0) <= startMs ? found.first + 1 : found.first;
  const last = (times[found.last] ?? 0) >= endMs ? found.last - 1 : found.last;
  let previous = left;
  for (let i = first; i <= last; i++) {
    const value = values[i] ?? 0;
    if (value < previous) total += previous;
    previous = value;
  }
  return right < previous ? total + previous : total;
}

function countPairs(values: Float64Array, { first, last }: Edges, resets: boolean): number {
  let count = 0;
  for (let i = first + 1; i <= last; i++) {
    const [previous, value] = [values[i - 1] ?? 0, values[i] ?? 0];
    if (resets ? value < previous : value !== previous && !(Number.isNaN(value) && Number.isNaN(previous)))
      count++;
  }
  return count;
}

/** An extended range itself: its samples, with one at either edge. */
export function extendedSamples(evaluation: Evaluation, matrix: Matrix): Samples[] {
  const windows = extendedBounds(evaluation, matrix, 1);
  const endMs = matrix.reference.firstMs;
  const startMs = endMs - matrix.rangeMs;
  return matrix.series.flatMap((raw) => {
    const series = floatSeries(raw);
    const { lo, hi } = windows.of(series.times);
    const smoothed = matrix.extension === 'smoothed';
    const found = edges(series, lo[0] ?? 0, hi[0] ?? 0, startMs, endMs, smoothed, false);
    if (!found) return [];
    const times: number[] = [startMs];
    const values: number[] = [found.left];
    for (let i = found.first; i <= found.last; i++) {
      const time = series.times[i] ?? 0;
      if (time <= startMs || time >= endMs) continue;
      times.push(time);
      values.push(series.values[i] ?? 0);
    }
    times.push(endMs);
    values.push(found.right);
    return [{ labels: series.labels, times: Float64Array.from(times), values: Float64Array.from(values) }];
  });
}

/** An instant vector on the line between the samples on either side; behind the last sample its value stands. */
export async function smoothedVector(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
): Promise<Column[]> {
  const ref = reference(evaluation, selector.shift, grid);
  const lookback = evaluation.lookbackMs;
  const found = await evaluation.fetch(
    selector.matchers,
    ref.firstMs - lookback,
    ref.lastMs + lookback,
    print(selector),
    { func: '', rangeMs: 0, stepMs: grid.stepMs },
  );
  const ahead = { firstMs: ref.firstMs + lookback, stepMs: ref.stepMs, lastMs: ref.lastMs + lookback };
  const windows = new WindowBounds(ahead, 2 * lookback, grid.steps);
  const columns: Column[] = [];
  for (const { labels, timestamps, values, histograms } of found) {
    const raw = { labels, times: timestamps, values, histograms, clean: false, dropName: false };
    const series = floatSeries(raw);
    const { lo, hi } = windows.of(series.times);
    const out = new Float64Array(grid.steps);
    const present = new Uint8Array(grid.steps);
    for (let i = 0; i < grid.steps; i++) {
      const at = ref.firstMs + i * ref.stepMs;
      const [from, to] = [lo[i] ?? 0, hi[i] ?? 0];
      let next = from;
      while (next < to && (series.times[next] ?? 0) < at) next++;
      if (next < to && series.times[next] === at) out[i] = series.values[next] ?? 0;
      else if (next === from) continue;
      else out[i] = next < to ? between(series, next - 1, at, false) : (series.values[next - 1] ?? 0);
      present[i] = 1;
    }
    if (present.includes(1)) columns.push(floatColumn(labels, out, present));
    evaluation.reserve(grid.steps);
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}
