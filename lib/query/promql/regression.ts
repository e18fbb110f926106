import { executionFault } from './fault.ts';
import type { Window, WindowFunction } from './matrix.ts';

/** Least squares line through a window: its slope per second and its value at `atMs`. */
function line({ times, values, lo, hi }: Window, atMs: number): { slope: number; value: number } {
  const first = values[lo] ?? 0;
  let isConstant = true;
  let sumX = 0;
  let sumY = 0;
  let sumXY = 0;
  let sumXX = 0;
  let lostX = 0;
  let lostY = 0;
  let lostXY = 0;
  let lostXX = 0;
  for (let i = lo; i < hi; i++) {
    const y = values[i] ?? 0;
    const x = ((times[i] ?? 0) - atMs) / 1000;
    if (y !== first) isConstant = false;
    // Four compensated sums side by side (Neumaier), spelled out so that nothing is allocated in here.
    let total = sumX + x;
    lostX += Math.abs(sumX) >= Math.abs(x) ? sumX - total + x : x - total + sumX;
    sumX = total;
    total = sumY + y;
    lostY += Math.abs(sumY) >= Math.abs(y) ? sumY - total + y : y - total + sumY;
    sumY = total;
    const xy = x * y;
    total = sumXY + xy;
    lostXY += Math.abs(sumXY) >= Math.abs(xy) ? sumXY - total + xy : xy - total + sumXY;
    sumXY = total;
    const xx = x * x;
    total = sumXX + xx;
    lostXX += Math.abs(sumXX) >= xx ? sumXX - total + xx : xx - total + sumXX;
    sumXX = total;
  }
  if (isConstant)
    return Number.isFinite(first) ? { slope: 0, value: first } : { slope: Number.NaN, value: Number.NaN };
  const n = hi - lo;
  const x = sumX + lostX;
  const y = sumY + lostY;
  const slope = (sumXY + lostXY - (x * y) / n) / (sumXX + lostXX - (x * x) / n);
  return { slope, value: y / n - (slope * x) / n };
}

export const DERIV: WindowFunction = {
  minSamples: 2,
  apply: (window) => line(window, window.times[window.lo] ?? 0).slope,
};

/** @param seconds how far ahead of the evaluation time, one value for each step */
export function predictLinear(seconds: Float64Array): WindowFunction {
  return {
    minSamples: 2,
    apply: (window) => {
      const { slope, value } = line(window, window.nowMs);
      return slope * (seconds[window.step] ?? 0) + value;
    },
  };
}

/**
 * Holt's linear smoothing. Factors (one for each step) must lie between 0 and 1, both excluded.
 */
export function doubleExponentialSmoothing(
  smoothing: Float64Array,
  trendFactors: Float64Array,
): WindowFunction {
  const factor = (name: string, value: number): number => {
    if (!(value > 0 && value < 1))
      throw executionFault(`invalid ${name} factor. Expected: 0 < ${name[0]}f < 1, got: ${value}`);
    return value;
  };
  return {
    minSamples: 2,
    apply: ({ values, lo, hi, step }) => {
      const sf = factor('smoothing', smoothing[step] ?? 0);
      const tf = factor('trend', trendFactors[step] ?? 0);
      let before = 0;
      let level = values[lo] ?? 0;
      let trend = (values[lo + 1] ?? 0) - level;
      for (let i = lo + 1; i < hi; i++) {
        const scaled = sf * (values[i] ?? 0);
        if (i > lo + 1) trend = tf * (level - before) + (1 - tf) * trend;
        before = level;
        level = scaled + (1 - sf) * (level + trend);
      }
      return level;
    },
  };
}
