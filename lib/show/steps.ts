import { SPAN_BUCKET_MS } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';

export const MAX_POINTS = 400;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  SPAN_BUCKET_MS,
  20 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** Smallest even step that draws `range` with at most `points` points; a multiple of the span bucket. */
export function stepFor(range: TimeRange, points = MAX_POINTS): number {
  const least = (range.to - range.from) / points;
  const day = 24 * HOUR;
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / day) * day;
}

/** The whole steps inside a range; a step is named by its end, so what an event causes is drawn after it. */
export interface Steps {
  readonly step: number;
  /** start of the first step */
  readonly start: number;
  readonly count: number;
  /** ends of the steps */
  readonly times: readonly number[];
}

export function stepsOf(range: TimeRange, step: number): Steps {
  const start = Math.ceil(range.from / step) * step;
  const count = Math.max(0, Math.floor((range.to - start) / step));
  return { step, start, count, times: Array.from({ length: count }, (_, i) => start + (i + 1) * step) };
}

/** Index of the step that holds the instant; undefined outside. */
export function stepIndex(steps: Steps, at: number): number | undefined {
  const index = Math.floor((at - steps.start) / steps.step);
  return index >= 0 && index < steps.count ? index : undefined;
}

/** Fewer calls than this say little about a step's p95 or its error ratio. */
const CALLS_PER_STEP = 20;

/**
 * Steps for the traffic there is: widened until most steps between the first and the last call hold calls, and
 * enough of them to tell a quantile, so that little traffic draws a line and not noise. Never wider than a
 * thirtieth of the range.
 */
export function stepsForTraffic(
  range: TimeRange,
  buckets: readonly { readonly at: number; readonly calls: number }[],
  points = MAX_POINTS,
): Steps {
  const widest = Math.max((range.to - range.from) / 30, SPAN_BUCKET_MS);
  let steps = stepsOf(range, stepFor(range, points));
  for (;;) {
    const filled = new Set<number>();
    let calls = 0;
    let first = steps.count;
    let last = -1;
    for (const bucket of buckets) {
      const index = stepIndex(steps, bucket.at);
      if (index === undefined) continue;
      filled.add(index);
      calls += bucket.calls;
      first = Math.min(first, index);
      last = Math.max(last, index);
    }
    const wider = STEPS.find((step) => step > steps.step);
    const enough = filled.size >= (last - first + 1) * 0.6 && calls >= filled.size * CALLS_PER_STEP;
    if (enough || wider === undefined || wider > widest) return steps;
    steps = stepsOf(range, wider);
  }
}
