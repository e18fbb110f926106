import { kahanMean, kahanSum, variance } from './kahan.ts';
import type { Window, WindowFunction } from './matrix.ts';
import { quantileOf } from './quantile.ts';

let scratch = new Float64Array(256);

function copyOf({ values, lo, hi }: Window): Float64Array {
  if (hi - lo > scratch.length) scratch = new Float64Array(2 * (hi - lo));
  for (let i = lo; i < hi; i++) scratch[i - lo] = values[i] ?? 0;
  return scratch;
}

/** Index of the latest extreme value; a NaN gives way to any number. */
function extreme({ values, lo, hi }: Window, sign: 1 | -1): number {
  return better(values, lo, lo + 1, hi, sign);
}

/** The better of a known index and those in [from, hi). */
function better(values: Float64Array, known: number, from: number, hi: number, sign: 1 | -1): number {
  let best = known;
  let top = values[known] ?? 0;
  for (let i = from; i < hi; i++) {
    const value = values[i] ?? 0;
    if (sign * value >= sign * top || Number.isNaN(top)) {
      best = i;
      top = value;
    }
  }
  return best;
}

/** min_over_time or max_over_time: while the last extreme stays inside the window only new samples are looked at. */
export function slidingExtreme(sign: 1 | -1): WindowFunction {
  let series: Float64Array | undefined;
  let best = 0;
  let seen = 0;
  return {
    minSamples: 1,
    apply: ({ values, lo, hi }) => {
      best =
        series === values && best >= lo
          ? better(values, best, seen, hi, sign)
          : better(values, lo, lo + 1, hi, sign);
      series = values;
      seen = hi;
      return values[best] ?? 0;
    },
  };
}

function changes({ values, lo, hi }: Window): number {
  let count = 0;
  for (let i = lo + 1; i < hi; i++) {
    const previous = values[i - 1] ?? 0;
    const value = values[i] ?? 0;
    if (value !== previous && !(Number.isNaN(value) && Number.isNaN(previous))) count++;
  }
  return count;
}

function resets({ values, lo, hi }: Window): number {
  let count = 0;
  for (let i = lo + 1; i < hi; i++) if ((values[i] ?? 0) < (values[i - 1] ?? 0)) count++;
  return count;
}

/** Median absolute deviation. */
function mad(window: Window): number {
  const count = window.hi - window.lo;
  const copy = copyOf(window);
  const median = quantileOf(0.5, copy, count);
  for (let i = 0; i < count; i++) copy[i] = Math.abs((copy[i] ?? 0) - median);
  return quantileOf(0.5, copy, count);
}

/** Functions of a window alone, by name. */
export const OVER_TIME: ReadonlyMap<string, (window: Window) => number> = new Map([
  ['avg_over_time', (w) => kahanMean(w.values, w.lo, w.hi)],
  ['sum_over_time', (w) => kahanSum(w.values, w.lo, w.hi)],
  ['count_over_time', (w) => w.hi - w.lo],
  ['first_over_time', (w) => w.values[w.lo] ?? 0],
  ['last_over_time', (w) => w.values[w.hi - 1] ?? 0],
  ['present_over_time', () => 1],
  ['stdvar_over_time', (w) => variance(w.values, w.lo, w.hi)],
  ['stddev_over_time', (w) => Math.sqrt(variance(w.values, w.lo, w.hi))],
  ['mad_over_time', mad],
  ['changes', changes],
  ['resets', resets],
  ['ts_of_first_over_time', (w) => (w.times[w.lo] ?? 0) / 1000],
  ['ts_of_last_over_time', (w) => (w.times[w.hi - 1] ?? 0) / 1000],
  ['ts_of_min_over_time', (w) => (w.times[extreme(w, -1)] ?? 0) / 1000],
  ['ts_of_max_over_time', (w) => (w.times[extreme(w, 1)] ?? 0) / 1000],
] satisfies [string, (window: Window) => number][]);

/** @param q one value for each step */
export function quantileOverTime(q: Float64Array): WindowFunction {
  return {
    minSamples: 1,
    apply: (window) => quantileOf(q[window.step] ?? 0, copyOf(window), window.hi - window.lo),
  };
}
