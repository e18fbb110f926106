import { labelsKey, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { mappingOf, type SignalSeries } from './read.ts';

/** What a counter grew by between its samples in the range; a drop is a restart from zero, as in Prometheus' `increase` (not extrapolated). */
export function increase(
  series: { readonly timestamps: ArrayLike<number>; readonly values: ArrayLike<number> },
  range: TimeRange,
): number {
  let total = 0;
  let last: number | undefined;
  for (let i = 0; i < series.timestamps.length; i++) {
    const at = series.timestamps[i] ?? 0;
    const value = series.values[i] ?? 0;
    if (at < range.from || at > range.to) continue;
    if (last !== undefined) total += value < last ? value : value - last;
    last = value;
  }
  return total;
}

export interface BucketCount {
  /** upper bound, seconds; Infinity for the last */
  readonly le: number;
  /** cumulative count */
  count: number;
}

/** Buckets of all given `…_bucket` series added up over the range, ascending by bound. */
export function sumBuckets(series: readonly SignalSeries[], range: TimeRange): BucketCount[] {
  const byBound = new Map<number, number>();
  for (const s of series) {
    const text = labelValue(s.labels, 'le');
    const bound =
      text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text) * (mappingOf(s.labels)?.scale ?? 1);
    if (Number.isNaN(bound)) continue;
    byBound.set(bound, (byBound.get(bound) ?? 0) + increase(s, range));
  }
  return [...byBound].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
}

/** Quantile of cumulative buckets, linear inside a bucket (the rule of PromQL's `histogram_quantile`); seconds. */
export function bucketQuantile(q: number, buckets: readonly BucketCount[]): number | undefined {
  const total = buckets.at(-1)?.count ?? 0;
  if (total <= 0) return undefined;
  const rank = q * total;
  let below = 0;
  let lower = 0;
  for (const { le, count } of buckets) {
    if (count >= rank) {
      if (le === Number.POSITIVE_INFINITY) return lower;
      return count === below ? le : lower + ((le - lower) * (rank - below)) / (count - below);
    }
    below = count;
    lower = le;
  }
  return lower;
}

/** Key of a histogram's series without its bound, to tell histograms apart. */
export function histogramKey(series: SignalSeries): string {
  return labelsKey(series.labels.filter(([name]) => name !== 'le' && name !== METRIC_NAME));
}
