import type { Evaluation } from './evaluation.ts';
import type { Reference } from './select.ts';
import type { Column, Grid, Samples } from './value.ts';
import { timeAt } from './value.ts';

/** A range vector: samples, and the window (ref − rangeMs, ref] that each step sees of them. */
export interface Matrix {
  readonly samples: readonly Samples[];
  readonly reference: Reference;
  readonly rangeMs: number;
}

/** What one step sees of one series: `values[lo … hi)`. One object serves all windows. */
export interface Window {
  times: Float64Array;
  values: Float64Array;
  lo: number;
  hi: number;
  step: number;
  /** Evaluation time (ms), which `offset` and `@` do not move. */
  nowMs: number;
}

export interface WindowFunction {
  /** Windows with fewer samples give no result. */
  readonly minSamples: 1 | 2;
  readonly apply: (window: Window) => number;
}

/** Samples looked at between two looks at the clock: long windows are too slow to wait for a series' end. */
const SLICE_SAMPLES = 20_000;

/** Moves the window over each series once; series without any result are left out. */
export async function overWindows(
  evaluation: Evaluation,
  matrix: Matrix,
  grid: Grid,
  fn: WindowFunction,
): Promise<Column[]> {
  const columns: Column[] = [];
  const window: Window = {
    times: new Float64Array(0),
    values: new Float64Array(0),
    lo: 0,
    hi: 0,
    step: 0,
    nowMs: 0,
  };
  const { firstMs, stepMs } = matrix.reference;
  let work = 0;
  for (const { labels, times, values } of matrix.samples) {
    const out = new Float64Array(grid.steps);
    const present = new Uint8Array(grid.steps);
    const count = times.length;
    window.times = times;
    window.values = values;
    let lo = 0;
    let hi = 0;
    let any = false;
    for (let i = 0; i < grid.steps; i++) {
      const end = firstMs + i * stepMs;
      const start = end - matrix.rangeMs;
      while (hi < count && (times[hi] ?? 0) <= end) hi++;
      while (lo < hi && (times[lo] ?? 0) <= start) lo++;
      if (hi - lo < fn.minSamples) continue;
      window.lo = lo;
      window.hi = hi;
      window.step = i;
      window.nowMs = timeAt(grid, i);
      out[i] = fn.apply(window);
      present[i] = 1;
      any = true;
      work += hi - lo;
      if (work < SLICE_SAMPLES) continue;
      work = 0;
      if (evaluation.due()) await evaluation.pause();
    }
    if (any) {
      evaluation.reserve(grid.steps);
      columns.push({ labels, values: out, present });
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}
