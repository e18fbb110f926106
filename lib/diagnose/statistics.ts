/** Linear interpolation between order statistics (Hyndman and Fan 1996, type 7); undefined when empty. */
export function quantile(values: readonly number[], q: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number | undefined => quantile(values, 0.5);

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;

/** Standard normal upper tail, both sides (Abramowitz and Stegun 7.1.26; error below 2e-7). */
export function twoSidedP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.min(1, Math.max(0, poly * Math.exp(-x * x)));
}

/** Values with how often each occurred. */
export type Weighted = ReadonlyMap<number, number>;

export interface RankTest {
  /** two-sided */
  readonly p: number;
  /** chance that a draw from `b` is above one from `a`, ties half: 0.5 means no difference */
  readonly superiority: number;
}

/**
 * Mann–Whitney U on counted values, normal approximation with the tie correction (Lehmann, Nonparametrics, 1975).
 * Buckets of a sketch are such values: a bucket is one big tie.
 */
export function mannWhitney(a: Weighted, b: Weighted): RankTest {
  let n = 0;
  let m = 0;
  for (const count of a.values()) n += count;
  for (const count of b.values()) m += count;
  if (n === 0 || m === 0) return { p: 1, superiority: 0.5 };
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);
  let below = 0;
  let u = 0;
  let ties = 0;
  for (const key of keys) {
    const inA = a.get(key) ?? 0;
    const inB = b.get(key) ?? 0;
    u += inB * (below + inA / 2);
    below += inA;
    const tied = inA + inB;
    ties += tied ** 3 - tied;
  }
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const z = variance > 0 ? (u - (n * m) / 2) / Math.sqrt(variance) : 0;
  return { p: twoSidedP(z), superiority: u / (n * m) };
}

/** Two-proportion z test, pooled; two-sided p. */
export function proportionTest(hitsA: number, nA: number, hitsB: number, nB: number): number {
  if (nA === 0 || nB === 0) return 1;
  const pooled = (hitsA + hitsB) / (nA + nB);
  const se = Math.sqrt(pooled * (1 - pooled) * (1 / nA + 1 / nB));
  return se === 0 ? 1 : twoSidedP((hitsB / nB - hitsA / nA) / se);
}

/** Points of which a slope is made before thinning: 200 points are 19,900 pairs. */
const MAX_SLOPE_POINTS = 200;

/** Theil–Sen slope: the median of the slopes of all pairs (Sen 1968); undefined with fewer than two points. */
export function theilSen(times: readonly number[], values: readonly number[]): number | undefined {
  const step = Math.max(1, Math.ceil(times.length / MAX_SLOPE_POINTS));
  const slopes: number[] = [];
  for (let i = 0; i < times.length; i += step)
    for (let j = i + step; j < times.length; j += step) {
      const dt = (times[j] ?? 0) - (times[i] ?? 0);
      if (dt > 0) slopes.push(((values[j] ?? 0) - (values[i] ?? 0)) / dt);
    }
  return median(slopes);
}
