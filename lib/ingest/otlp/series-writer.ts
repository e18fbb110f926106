import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Label } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { SampleColumns } from '../sample-columns.ts';
import { nativeOf } from './exponential.ts';
import { boundText } from './labels.ts';
import type { PointParts } from './metric-parts.ts';
import { NO_RECORDED_VALUE } from './metric-parts.ts';

/** Writes sound, cumulative data points as samples of Prometheus series. */
export class SeriesWriter {
  readonly #known: Map<string, SeriesRef>;
  readonly #columns: SampleColumns;
  /** Labels of the resource, on every series. */
  target: readonly Label[] = [];

  constructor(known: Map<string, SeriesRef>, columns: SampleColumns) {
    this.#known = known;
    this.#columns = columns;
  }

  series(name: string, labels: readonly Label[]): SeriesRef {
    const all = makeLabels([...labels, ...this.target, [METRIC_NAME, name]]);
    const key = labelsKey(all);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const series = { labels: all, key, handle: -1 };
    this.#known.set(key, series);
    return series;
  }

  number(name: string, labels: readonly Label[], point: PointParts, exemplars: readonly Exemplar[]): void {
    this.#sample(name, labels, point, point.value);
    for (const exemplar of exemplars) this.#columns.pushExemplar(exemplar);
  }

  histogram(name: string, labels: readonly Label[], point: PointParts, exemplars: readonly Exemplar[]): void {
    let below = 0;
    let rest = exemplars;
    const bucket = (bound: number, value: number): void => {
      this.#sample(`${name}_bucket`, [...labels, ['le', boundText(bound)]], point, value);
      for (const exemplar of rest) if (exemplar.value <= bound) this.#columns.pushExemplar(exemplar);
      rest = rest.filter((exemplar) => !(exemplar.value <= bound));
    };
    for (const [i, bound] of point.bounds.entries()) {
      below += point.bucketCounts[i] ?? 0;
      if (bound !== Number.POSITIVE_INFINITY) bucket(bound, below);
    }
    bucket(Number.POSITIVE_INFINITY, point.count);
    this.#sample(`${name}_count`, labels, point, point.count);
    if (point.sum !== undefined) this.#sample(`${name}_sum`, labels, point, point.sum);
  }

  /** Why it cannot be one; undefined when it was written. */
  exponential(
    name: string,
    labels: readonly Label[],
    point: PointParts,
    exemplars: readonly Exemplar[],
  ): { reason: string; message: string } | undefined {
    if (isEnded(point) || point.exponential === undefined) {
      if (isEnded(point)) this.#sample(name, labels, point, 0);
      return undefined;
    }
    const histogram = nativeOf(point.exponential, point.count, point.sum);
    if ('reason' in histogram) return histogram;
    this.#columns.begin(this.series(name, labels));
    this.#columns.pushHistogram(point.at, histogram);
    for (const exemplar of exemplars) this.#columns.pushExemplar(exemplar);
    return undefined;
  }

  summary(name: string, labels: readonly Label[], point: PointParts): void {
    for (const { quantile, value } of point.quantiles)
      this.#sample(name, [...labels, ['quantile', boundText(quantile)]], point, value);
    this.#sample(`${name}_count`, labels, point, point.count);
    this.#sample(`${name}_sum`, labels, point, point.sum ?? 0);
  }

  info(name: string, labels: readonly Label[], at: number): void {
    this.#columns.begin(this.series(name, labels));
    this.#columns.push(at, 1);
  }

  #sample(name: string, labels: readonly Label[], point: PointParts, value: number): void {
    this.#columns.begin(this.series(name, labels));
    if (isEnded(point)) this.#columns.pushStale(point.at);
    else this.#columns.push(point.at, value);
  }
}

/** The series has ended here. */
export const isEnded = (point: PointParts): boolean => (point.flags & NO_RECORDED_VALUE) !== 0;
