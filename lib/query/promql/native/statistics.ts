import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { BoundedBucket } from './bucket-bounds.ts';
import { filledBuckets, isCustom } from './bucket-bounds.ts';

/** What observations of NaN, which no bucket holds, did to a result. */
export type NanEffect = 'none' | 'nan-result' | 'skewed' | 'excluded';

export interface Estimate {
  readonly value: number;
  readonly nan: NanEffect;
}

const INFINITY = Number.POSITIVE_INFINITY;

function holdsZero([, lower, upper]: BoundedBucket): boolean {
  return lower <= 0 && upper >= 0;
}

/** The zero bucket of a histogram with one side only reaches to zero on the other. */
function zeroBucketBounds(histogram: NativeHistogram, [, lower, upper]: BoundedBucket): [number, number] {
  const left = histogram.negative.counts.length;
  const right = histogram.positive.counts.length;
  return [left === 0 && right > 0 ? 0 : lower, right === 0 && left > 0 ? 0 : upper];
}

/**
 * φ-quantile: linear inside custom buckets and the zero bucket, exponential inside the others. The lowest custom
 * bucket begins at 0 if it can; of the highest only its lower bound is known.
 */
export function histogramQuantile(q: number, histogram: NativeHistogram): Estimate {
  if (q < 0) return { value: -INFINITY, nan: 'none' };
  if (q > 1) return { value: INFINITY, nan: 'none' };
  if (histogram.count === 0 || Number.isNaN(q)) return { value: Number.NaN, nan: 'none' };
  const custom = isCustom(histogram);
  const hasNan = Number.isNaN(histogram.sum);
  // From the nearer end, where rounding has hurt less; NaN counts only at the upper one.
  const forward = hasNan || q < 0.5;
  const buckets = filledBuckets(histogram);
  if (!forward) buckets.reverse();
  let rank = (forward ? q : 1 - q) * histogram.count;
  let count = 0;
  let next = 0;
  let bucket: BoundedBucket = [0, 0, 0, 0];
  while (next < buckets.length) {
    bucket = buckets[next++] ?? bucket;
    count += bucket[3];
    if (count >= rank) break;
  }
  let [, lower, upper] = bucket;
  const width = bucket[3];
  if (custom) {
    if (lower === -INFINITY) {
      if (upper <= 0) return { value: upper, nan: 'none' };
      lower = 0;
    } else if (upper === INFINITY) return { value: lower, nan: 'none' };
  } else if (lower < 0 && upper > 0) [lower, upper] = zeroBucketBounds(histogram, bucket);
  count = Math.min(count, histogram.count);
  if (count < rank) {
    return hasNan ? { value: Number.NaN, nan: 'nan-result' } : { value: upper, nan: 'none' };
  }
  rank = forward ? rank - (count - width) : count - rank;
  let inBuckets = count;
  for (const [, , , more] of hasNan ? buckets.slice(next) : []) inBuckets += more;
  const nan = hasNan && inBuckets < histogram.count ? 'skewed' : 'none';
  const share = rank / width;
  if (custom || (lower <= 0 && upper >= 0)) return { value: lower + (upper - lower) * share, nan };
  const [low, high] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))];
  return {
    value: lower > 0 ? 2 ** (low + (high - low) * share) : -(2 ** (high + (low - high) * (1 - share))),
    nan,
  };
}

/** Share of a bucket's observations at or below a value inside it. */
export function shareBelow(value: number, lower: number, upper: number, linear: boolean): number {
  if (linear) return (value - lower) / (upper - lower);
  const [low, high, at] = [
    Math.log2(Math.abs(lower)),
    Math.log2(Math.abs(upper)),
    Math.log2(Math.abs(value)),
  ];
  return value > 0 ? (at - low) / (high - low) : 1 - (at - high) / (low - high);
}

/** Share of the observations between two values. */
export function histogramFraction(lower: number, upper: number, histogram: NativeHistogram): Estimate {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper))
    return { value: Number.NaN, nan: 'none' };
  if (lower >= upper) return { value: 0, nan: 'none' };
  const buckets = filledBuckets(histogram);
  let { count } = histogram;
  let nan: NanEffect = 'none';
  if (Number.isNaN(histogram.sum)) {
    const inBuckets = buckets.reduce((sum, bucket) => sum + bucket[3], 0);
    if (inBuckets < count) nan = 'excluded';
    count = Math.min(count, inBuckets);
  }
  const below = (value: number): number => Math.min(count, rankOf(value, histogram, buckets, count));
  return { value: (below(upper) - below(lower)) / histogram.count, nan };
}

/** How many observations lie below a value. */
function rankOf(
  value: number,
  histogram: NativeHistogram,
  buckets: readonly BoundedBucket[],
  all: number,
): number {
  let rank = 0;
  for (const bucket of buckets) {
    let [, start, end] = bucket;
    const zero = holdsZero(bucket);
    if (zero) [start, end] = zeroBucketBounds(histogram, bucket);
    if (start >= value) return rank;
    if (end > value) {
      // Nothing is known of where in a bucket without a lower end the observations lie.
      if (start === -INFINITY) return bucket[3];
      return rank + bucket[3] * shareBelow(value, start, end, zero || isCustom(histogram));
    }
    rank += bucket[3];
  }
  return all;
}

/** Population variance, each bucket's observations taken to be at its middle. */
export function histogramVariance(histogram: NativeHistogram): number {
  const mean = histogram.sum / histogram.count;
  let squares = 0;
  let lost = 0;
  for (const bucket of filledBuckets(histogram)) {
    const delta = middle(bucket, isCustom(histogram)) - mean;
    const square = bucket[3] * delta * delta;
    const total = squares + square;
    lost += Math.abs(squares) >= Math.abs(square) ? squares - total + square : square - total + squares;
    squares = total;
  }
  return (squares + lost) / histogram.count;
}

function middle(bucket: BoundedBucket, custom: boolean): number {
  const [, lower, upper] = bucket;
  if (custom) return (lower + upper) / 2;
  if (holdsZero(bucket)) return 0;
  return Math.sign(upper) * Math.sqrt(upper * lower);
}
