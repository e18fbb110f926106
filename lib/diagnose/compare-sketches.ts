import type { Sketch } from '#lib/model/sketch.ts';
import { mannWhitney } from './statistics.ts';

export interface Shift {
  readonly before: number;
  readonly after: number;
  /** after / before */
  readonly ratio: number;
  /** 95 % interval of the ratio, conservative */
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** 95 % interval of a median by order statistics (Conover, Practical Nonparametric Statistics, 3.2), as quantile ranks. */
function medianInterval(sketch: Sketch): { low: number; high: number } {
  const half = 0.98 / Math.sqrt(sketch.count);
  return {
    low: sketch.quantile(Math.max(0, 0.5 - half)) ?? 0,
    high: sketch.quantile(Math.min(1, 0.5 + half)) ?? 0,
  };
}

/** How the median moved between two samples of durations; undefined when either is empty or was zero. */
export function medianShift(before: Sketch, after: Sketch): Shift | undefined {
  const a = before.quantile(0.5);
  const b = after.quantile(0.5);
  if (a === undefined || b === undefined || a <= 0) return undefined;
  const ia = medianInterval(before);
  const ib = medianInterval(after);
  return {
    before: a,
    after: b,
    ratio: b / a,
    low: ib.low / Math.max(ia.high, 1e-9),
    high: ib.high / Math.max(ia.low, 1e-9),
    p: mannWhitney(before.counts, after.counts).p,
  };
}
