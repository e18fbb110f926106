import type { Exemplar } from '#lib/model/exemplar.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { SampleColumns } from '../sample-columns.ts';
import { nativeOf } from './exponential.ts';
import type { KnownPoint } from './known-points.ts';
import type { PointParts } from './metric-parts.ts';
import { NO_RECORDED_VALUE } from './metric-parts.ts';

/** Writes sound, cumulative data points as samples of Prometheus series. */
export class SeriesWriter {
  readonly #columns: SampleColumns;

  constructor(columns: SampleColumns) {
    this.#columns = columns;
  }

  number(known: KnownPoint, point: PointParts, exemplars: readonly Exemplar[]): void {
    this.#sample(known.series(''), point, point.value);
    for (const exemplar of exemplars) this.#columns.pushExemplar(exemplar);
  }

  histogram(known: KnownPoint, point: PointParts, exemplars: readonly Exemplar[]): void {
    const { bounds, bucketCounts } = point;
    const buckets = known.buckets(bounds);
    let below = 0;
    let rest = exemplars;
    for (const [i, series] of buckets.entries()) {
      const bound = bounds[i] ?? Number.POSITIVE_INFINITY;
      const isLast = i === bounds.length;
      // A bound of +Inf is the bucket that is there anyway.
      if (bound === Number.POSITIVE_INFINITY && !isLast) continue;
      below += bucketCounts[i] ?? 0;
      this.#sample(series, point, isLast ? point.count : below);
      if (rest.length === 0) continue;
      for (const exemplar of rest) if (exemplar.value <= bound) this.#columns.pushExemplar(exemplar);
      rest = rest.filter((exemplar) => !(exemplar.value <= bound));
    }
    this.#sample(known.series('_count'), point, point.count);
    if (point.sum !== undefined) this.#sample(known.series('_sum'), point, point.sum);
  }

  /** Why it cannot be one; undefined when it was written. */
  exponential(
    known: KnownPoint,
    point: PointParts,
    exemplars: readonly Exemplar[],
  ): { reason: string; message: string } | undefined {
    if (isEnded(point)) this.#sample(known.series(''), point, 0);
    if (isEnded(point) || point.exponential === undefined) return undefined;
    const histogram = nativeOf(point.exponential, point.count, point.sum);
    if ('reason' in histogram) return histogram;
    this.#columns.begin(known.series(''));
    this.#columns.pushHistogram(point.at, histogram);
    for (const exemplar of exemplars) this.#columns.pushExemplar(exemplar);
    return undefined;
  }

  summary(known: KnownPoint, point: PointParts): void {
    for (const { quantile, value } of point.quantiles) this.#sample(known.quantile(quantile), point, value);
    this.#sample(known.series('_count'), point, point.count);
    this.#sample(known.series('_sum'), point, point.sum ?? 0);
  }

  info(series: SeriesRef, at: number): void {
    this.#columns.begin(series);
    this.#columns.push(at, 1);
  }

  #sample(series: SeriesRef, point: PointParts, value: number): void {
    this.#columns.begin(series);
    if (isEnded(point)) this.#columns.pushStale(point.at);
    else this.#columns.push(point.at, value);
  }
}

/** The series has ended here. */
export const isEnded = (point: PointParts): boolean => (point.flags & NO_RECORDED_VALUE) !== 0;
