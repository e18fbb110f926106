import type { RangeSeries } from './range-series.ts';
import type { Reference } from './reference.ts';

/** A range vector: series, and the window (ref − rangeMs, ref] that each step sees of them. */
export interface Matrix {
  readonly series: readonly RangeSeries[];
  readonly reference: Reference;
  readonly rangeMs: number;
  /** Samples are wanted from as far in front of and behind the windows: `anchored` and `smoothed`. */
  readonly extension: 'anchored' | 'smoothed' | undefined;
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

export function newWindow(): Window {
  return { times: new Float64Array(0), values: new Float64Array(0), lo: 0, hi: 0, step: 0, nowMs: 0 };
}
