import type { Evaluation } from './evaluation.ts';
import type { Column, Grid, Samples } from './value.ts';
import type { Matrix, Window, WindowFunction } from './windows.ts';

export interface RateKind {
  /** Falling values are resets, and the extrapolation stops at zero. */
  readonly counter: boolean;
  /** Per second instead of over the window. */
  readonly perSecond: boolean;
}

/** rate, increase and delta: the change between the first and last sample of each window, extrapolated to its edges. */
export async function rateColumns(
  evaluation: Evaluation,
  matrix: Matrix,
  grid: Grid,
  kind: RateKind,
): Promise<Column[]> {
  const columns: Column[] = [];
  for (const samples of matrix.samples) {
    const column = ratesOf(samples, matrix, grid, kind);
    if (column) {
      evaluation.reserve(grid.steps);
      columns.push(column);
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}

function ratesOf(samples: Samples, matrix: Matrix, grid: Grid, kind: RateKind): Column | undefined {
  const { times, values } = samples;
  const { firstMs, stepMs } = matrix.reference;
  const out = new Float64Array(grid.steps);
  const present = new Uint8Array(grid.steps);
  const resets = kind.counter ? resetIndexes(values) : [];
  const count = times.length;
  let lo = 0;
  let hi = 0;
  let firstReset = 0;
  let any = false;
  for (let i = 0; i < grid.steps; i++) {
    const end = firstMs + i * stepMs;
    const start = end - matrix.rangeMs;
    while (hi < count && (times[hi] ?? 0) <= end) hi++;
    while (lo < hi && (times[lo] ?? 0) <= start) lo++;
    if (hi - lo < 2) continue;
    const first = values[lo] ?? 0;
    let change = (values[hi - 1] ?? 0) - first;
    // A reset at index r lost the value in front of it; one at `lo` itself lies before the window.
    while (firstReset < resets.length && (resets[firstReset] ?? 0) <= lo) firstReset++;
    for (let r = firstReset; r < resets.length; r++) {
      const index = resets[r] ?? 0;
      if (index >= hi) break;
      change += values[index - 1] ?? 0;
    }
    const from = times[lo] ?? 0;
    const to = times[hi - 1] ?? 0;
    const factor = extrapolation(start, end, from, to, hi - lo - 1, kind.counter, first, change);
    out[i] = change * (kind.perSecond ? factor / (matrix.rangeMs / 1000) : factor);
    present[i] = 1;
    any = true;
  }
  return any ? { labels: samples.labels, values: out, present } : undefined;
}

function resetIndexes(values: Float64Array): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) < (values[i - 1] ?? 0)) found.push(i);
  return found;
}

/**
 * By how much the change between two samples grows when their slope goes on to the window's edges. An edge further
 * away than 1.1 mean sample distances counts as half a distance: the series began or ended inside the window.
 * A counter is not followed below zero. All times in ms.
 */
function extrapolation(
  start: number,
  end: number,
  from: number,
  to: number,
  intervals: number,
  counter: boolean,
  first: number,
  change: number,
): number {
  const sampled = (to - from) / 1000;
  const mean = sampled / intervals;
  const threshold = mean * 1.1;
  let before = (from - start) / 1000;
  let after = (end - to) / 1000;
  if (before >= threshold) before = mean / 2;
  if (counter && change > 0 && first >= 0) {
    const toZero = sampled * (first / change);
    if (toZero < before) before = toZero;
  }
  if (after >= threshold) after = mean / 2;
  return (sampled + before + after) / sampled;
}

/** irate and idelta: from the last two samples alone. */
export function lastTwo(kind: RateKind): WindowFunction {
  return {
    minSamples: 2,
    apply: ({ times, values, hi }: Window): number => {
      const last = values[hi - 1] ?? 0;
      const previous = values[hi - 2] ?? 0;
      const change = kind.counter && last < previous ? last : last - previous;
      return kind.perSecond ? change / (((times[hi - 1] ?? 0) - (times[hi - 2] ?? 0)) / 1000) : change;
    },
  };
}
