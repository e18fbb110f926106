import { DeltaStreams } from './delta-streams.ts';
import { addExponential } from './exponential.ts';
import type { MetricKind, PointParts } from './metric-parts.ts';

type Totals = Pick<PointParts, 'value' | 'count' | 'sum' | 'bucketCounts' | 'bounds' | 'exponential'>;

/** A longer interval than this is not one between two exports: no zero is put at its beginning. */
const LONGEST_INTERVAL_MS = 3_600_000;

export interface CumulativePoint {
  readonly point: PointParts;
  /** When the series was at zero, ms since the epoch; undefined when it goes on from before. */
  readonly zeroAt: number | undefined;
}

/** Makes cumulative points of deltas. */
export class Cumulative {
  readonly #streams = new DeltaStreams<Totals>();

  add(
    key: string,
    kind: MetricKind,
    point: PointParts,
    now: number,
  ): CumulativePoint | { readonly reason: string; readonly message: string } {
    const { value, count, sum, bucketCounts, bounds, exponential } = point;
    const totals: Totals = { value, count, sum, bucketCounts, bounds, exponential };
    const size =
      6 +
      bucketCounts.length +
      bounds.length +
      (exponential?.positive.counts.length ?? 0) +
      (exponential?.negative.counts.length ?? 0);
    const added = this.#streams.add({ key, at: point.at, value: totals, size }, JOIN[kind], now);
    if ('reason' in added) return added;
    const interval = point.at - point.startAt;
    const isKnown = point.startAt > 0 && interval > 1 && interval <= LONGEST_INTERVAL_MS;
    return {
      point: { ...point, ...added.total },
      // A millisecond behind the start: there an earlier run of the same stream may have its last sample.
      zeroAt: added.begins && isKnown ? point.startAt + 1 : undefined,
    };
  }

  end(key: string): void {
    this.#streams.end(key);
  }
}

type Join = (total: Totals, delta: Totals) => Totals | undefined;

const addNumbers: Join = (total, delta) => ({ ...total, value: total.value + delta.value });

/** A histogram without a sum has none any more. */
const addSums = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const addHistograms: Join = (total, delta) => {
  const isSame =
    total.bounds.length === delta.bounds.length &&
    total.bucketCounts.length === delta.bucketCounts.length &&
    total.bounds.every((bound, i) => bound === delta.bounds[i]);
  if (!isSame) return undefined;
  return {
    ...total,
    count: total.count + delta.count,
    sum: addSums(total.sum, delta.sum),
    bucketCounts: total.bucketCounts.map((count, i) => count + (delta.bucketCounts[i] ?? 0)),
  };
};

const addExponentials: Join = (total, delta) => {
  if (total.exponential === undefined || delta.exponential === undefined) return undefined;
  const exponential = addExponential(total.exponential, delta.exponential);
  if (exponential === undefined) return undefined;
  return { ...total, count: total.count + delta.count, sum: addSums(total.sum, delta.sum), exponential };
};

const JOIN: Readonly<Record<MetricKind, Join>> = {
  gauge: addNumbers,
  summary: addNumbers,
  sum: addNumbers,
  histogram: addHistograms,
  'exponential-histogram': addExponentials,
};
