import type { Samples } from './evidence.ts';
import { median, theilSen } from './statistics.ts';

/** Lowest value of each of `blocks` equal stretches: what is left after collections, without the sawtooth on top. */
export function floors(samples: Samples, blocks: number): Samples {
  const result: Samples = { times: [], values: [] };
  const size = samples.values.length / blocks;
  for (let b = 0; b < blocks; b++) {
    const from = Math.round(b * size);
    const part = samples.values.slice(from, Math.round((b + 1) * size));
    if (part.length === 0) continue;
    const low = Math.min(...part);
    result.values.push(low);
    result.times.push(samples.times[from + part.indexOf(low)] ?? 0);
  }
  return result;
}

/** Share of all pairs in which the later value is higher: 1 rises throughout, 0.5 has no trend (after Kendall's tau). */
export function risingShare(values: readonly number[]): number {
  let up = 0;
  let pairs = 0;
  values.forEach((later, j) => {
    for (let i = 0; i < j; i++) {
      pairs++;
      up += Number(later > (values[i] ?? 0));
    }
  });
  return pairs === 0 ? 0 : up / pairs;
}

/** The part after the last restart and its warm-up. */
export function sinceRestart(samples: Samples, startedAt: number | undefined, warmUpMs: number): Samples {
  if (startedAt === undefined) return samples;
  const first = samples.times.findIndex((at) => at >= startedAt + warmUpMs);
  return first < 0
    ? { times: [], values: [] }
    : { times: samples.times.slice(first), values: samples.values.slice(first) };
}

/** Samples present, as a share of those that the usual interval leads one to expect. */
export function coverage(samples: Samples): number {
  const gaps = samples.times.slice(1).map((at, i) => at - (samples.times[i] ?? at));
  const interval = median(gaps);
  const length = (samples.times.at(-1) ?? 0) - (samples.times[0] ?? 0);
  return interval === undefined || interval <= 0
    ? 0
    : Math.min(1, samples.times.length / (length / interval + 1));
}

export interface Trend {
  /** per ms, of the floors */
  readonly slope: number;
  /** slope of the last third over the whole's */
  readonly tail: number;
  readonly rising: number;
  readonly growth: number;
  readonly start: number;
}

/** Robust trend of what remains after collections. */
export function floorTrend(samples: Samples, blocks: number): Trend | undefined {
  const low = floors(samples, blocks);
  const slope = theilSen(low.times, low.values);
  const third = Math.floor((low.times.length * 2) / 3);
  const tail = theilSen(low.times.slice(third - 1), low.values.slice(third - 1));
  if (slope === undefined || tail === undefined) return undefined;
  const length = (low.times.at(-1) ?? 0) - (low.times[0] ?? 0);
  return {
    slope,
    tail: slope === 0 ? 0 : tail / slope,
    rising: risingShare(low.values),
    growth: slope * length,
    start: low.values[0] ?? 0,
  };
}
