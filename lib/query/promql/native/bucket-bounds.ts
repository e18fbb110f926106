import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';

/** `[boundary rule, lower, upper, count]`; the rule says which bounds are part: 0 the upper, 1 the lower, 2 none, 3 both. */
export type BoundedBucket = readonly [rule: 0 | 1 | 2 | 3, lower: number, upper: number, count: number];

/** Upper bound of bucket `index` of the positive side of an exponential schema (−4 … 8): 2^(index · 2^−schema). */
export function exponentialBound(index: number, schema: number): number {
  const exponent = index * 2 ** -schema;
  if (exponent === 1024) return Number.MAX_VALUE;
  const whole = Math.floor(exponent);
  const fraction = 2 ** (exponent - whole);
  // In two steps, as 2^1024 is no float though its product with a fraction below one may be.
  return whole < -1000 ? fraction * 2 ** -1000 * 2 ** (whole + 1000) : fraction * 2 ** whole;
}

/** Upper bound of bucket `index` of the positive side, custom bounds included. */
export function upperBound({ schema, customValues }: NativeHistogram, index: number): number {
  if (schema !== CUSTOM_BUCKETS) return exponentialBound(index, schema);
  return index < 0 ? Number.NEGATIVE_INFINITY : (customValues[index] ?? Number.POSITIVE_INFINITY);
}

/** Every bucket that holds observations, ascending: what the query API lists. */
export function filledBuckets(histogram: NativeHistogram): BoundedBucket[] {
  const found: BoundedBucket[] = [];
  const custom = histogram.schema === CUSTOM_BUCKETS;
  for (const [index, count] of indexed(histogram, 'negative').reverse())
    found.push([1, -upperBound(histogram, index), -upperBound(histogram, index - 1), count]);
  const { zeroCount, zeroThreshold } = histogram;
  if (zeroCount !== 0 && !custom) found.push([3, -zeroThreshold, zeroThreshold, zeroCount]);
  for (const [index, count] of indexed(histogram, 'positive'))
    found.push([
      custom && index === 0 ? 3 : 0,
      upperBound(histogram, index - 1),
      upperBound(histogram, index),
      count,
    ]);
  return found;
}

function indexed(histogram: NativeHistogram, side: 'positive' | 'negative'): [number, number][] {
  const found: [number, number][] = [];
  const { spans, counts } = histogram[side];
  let index = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++, index++, at++) {
      const count = counts[at] ?? 0;
      if (count !== 0) found.push([index, count]);
    }
  }
  return found;
}
