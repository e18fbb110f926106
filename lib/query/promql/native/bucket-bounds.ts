import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';
import { sideOf } from './side.ts';

/** `[boundary rule, lower, upper, count]`; the rule says which bounds are part: 0 the upper, 1 the lower, 2 none, 3 both. */
export type BoundedBucket = readonly [rule: 0 | 1 | 2 | 3, lower: number, upper: number, count: number];

export function isCustom({ schema }: { readonly schema: number }): boolean {
  return schema === CUSTOM_BUCKETS;
}

/** Upper bound of bucket `index` on the positive side of an exponential schema: 2^(index · 2^−schema). */
export function exponentialBound(index: number, schema: number): number {
  const exponent = index * 2 ** -schema;
  if (exponent === 1024) return Number.MAX_VALUE;
  const whole = Math.floor(exponent);
  const fraction = 2 ** (exponent - whole);
  // In two steps where 2^whole alone would lose precision as a subnormal.
  return whole < -1000 ? fraction * 2 ** -1000 * 2 ** (whole + 1000) : fraction * 2 ** whole;
}

/** Upper bound of bucket `index` on the positive side, custom bounds included. */
export function upperBound(
  { schema, customValues }: Pick<NativeHistogram, 'schema' | 'customValues'>,
  index: number,
): number {
  if (schema !== CUSTOM_BUCKETS) return exponentialBound(index, schema);
  return index < 0 ? Number.NEGATIVE_INFINITY : (customValues[index] ?? Number.POSITIVE_INFINITY);
}

/**
 * Every bucket that holds observations, ascending: what the query API lists. A bucket that the zero bucket reaches
 * into begins where that ends.
 */
export function filledBuckets(histogram: NativeHistogram): BoundedBucket[] {
  const found: BoundedBucket[] = [];
  const custom = isCustom(histogram);
  const { zeroCount, zeroThreshold } = histogram;
  const clipped = (bound: number): number => (custom ? bound : Math.max(bound, zeroThreshold));
  const negative = sideOf(histogram.negative);
  for (let i = negative.indexes.length - 1; i >= 0; i--) {
    const index = negative.indexes[i] ?? 0;
    const count = negative.counts[i] ?? 0;
    const lower = -upperBound(histogram, index);
    if (count !== 0) found.push([1, lower, -clipped(upperBound(histogram, index - 1)), count]);
  }
  if (zeroCount !== 0 && !custom) found.push([3, -zeroThreshold, zeroThreshold, zeroCount]);
  const positive = sideOf(histogram.positive);
  for (let i = 0; i < positive.indexes.length; i++) {
    const index = positive.indexes[i] ?? 0;
    const count = positive.counts[i] ?? 0;
    const rule = custom && index === 0 ? 3 : 0;
    const lower = clipped(upperBound(histogram, index - 1));
    if (count !== 0) found.push([rule, lower, upperBound(histogram, index), count]);
  }
  return found;
}
