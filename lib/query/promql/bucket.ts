/** A classic histogram at one step: cumulative counts by upper bound, ascending. */
export interface Buckets {
  /** Upper bounds, unique, ascending. */
  readonly bounds: number[];
  readonly counts: number[];
}

/** Relative differences up to this are float noise, not a count that fell. */
const NOISE = 1e-12;

/** Makes the counts ascend; true when one had to be raised by more than float noise. */
export function forceAscending({ counts }: Buckets): boolean {
  let forced = false;
  let highest = counts[0] ?? 0;
  for (let i = 1; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (count === highest) continue;
    const noise = Math.abs(count - highest) <= NOISE * (Math.abs(count) + Math.abs(highest));
    if (count < highest || noise) {
      if (!noise) forced = true;
      counts[i] = highest;
    } else highest = count;
  }
  return forced;
}

/**
 * φ-quantile, linear inside the bucket it falls into. The lowest bucket starts at 0 when its bound is positive;
 * from the highest bucket only its lower bound is known. NaN without observations or without a `+Inf` bucket.
 */
export function bucketQuantile(q: number, { bounds, counts }: Buckets): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const last = bounds.length - 1;
  if (last < 1 || bounds[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  const observations = counts[last] ?? 0;
  if (observations === 0) return Number.NaN;
  let rank = q * observations;
  let found = 0;
  while (found < last && !((counts[found] ?? 0) >= rank)) found++;
  if (found === last) return bounds[last - 1] ?? 0;
  const end = bounds[found] ?? 0;
  if (found === 0 && end <= 0) return end;
  let start = 0;
  let count = counts[found] ?? 0;
  if (found > 0) {
    start = bounds[found - 1] ?? 0;
    count -= counts[found - 1] ?? 0;
    rank -= counts[found - 1] ?? 0;
  }
  return start + (end - start) * (rank / count);
}

/** Share of observations between two values, with the same interpolation. */
export function bucketFraction(lower: number, upper: number, buckets: Buckets): number {
  const { bounds, counts } = buckets;
  const last = bounds.length - 1;
  if (bounds[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  const observations = counts[last] ?? 0;
  if (observations === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets) - rankOf(lower, buckets)) / observations;
}

/** How many observations lie below a value. */
function rankOf(value: number, { bounds, counts }: Buckets): number {
  let start = (bounds[0] ?? 0) > 0 ? 0 : Number.NEGATIVE_INFINITY;
  let rank = 0;
  for (let i = 0; i < bounds.length; i++) {
    const end = bounds[i] ?? 0;
    const count = counts[i] ?? 0;
    if (start >= value) return rank;
    if (end > value)
      return start === Number.NEGATIVE_INFINITY
        ? count
        : rank + ((count - rank) * (value - start)) / (end - start);
    rank = count;
    start = end;
  }
  return counts[counts.length - 1] ?? 0;
}
