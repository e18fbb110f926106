import type { Label } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { Attributes } from '#lib/model/span.ts';
import { boundText, labelsOf, textOf } from './labels.ts';
import type { Translation } from './metric-names.ts';

/** Series remembered from body to body; beyond it they are learnt anew. */
const MAX_SERIES = 1 << 18;

/** The series of one attribute set of one metric of one resource. */
export class KnownPoint {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly #seriesOf: (name: string, labels: readonly Label[]) => SeriesRef;
  readonly #byName = new Map<string, SeriesRef>();
  #bounds: readonly number[] = [];
  #buckets: SeriesRef[] = [];

  constructor(
    name: string,
    labels: readonly Label[],
    seriesOf: (name: string, labels: readonly Label[]) => SeriesRef,
  ) {
    this.name = name;
    this.labels = labels;
    this.#seriesOf = seriesOf;
  }

  /** @param suffix `''`, `_count` or `_sum` */
  series(suffix: '' | '_count' | '_sum'): SeriesRef {
    const known = this.#byName.get(suffix);
    if (known !== undefined) return known;
    const series = this.#seriesOf(this.name + suffix, this.labels);
    this.#byName.set(suffix, series);
    return series;
  }

  quantile(quantile: number): SeriesRef {
    const text = boundText(quantile);
    const known = this.#byName.get(text);
    if (known !== undefined) return known;
    const series = this.#seriesOf(this.name, [...this.labels, ['quantile', text]]);
    this.#byName.set(text, series);
    return series;
  }

  /** Of the buckets up to each bound, and of the one above all of them. */
  buckets(bounds: readonly number[]): readonly SeriesRef[] {
    const isSame =
      this.#buckets.length > 0 &&
      bounds.length === this.#bounds.length &&
      bounds.every((bound, i) => bound === this.#bounds[i]);
    if (!isSame) {
      this.#bounds = bounds;
      this.#buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound) =>
        this.#seriesOf(`${this.name}_bucket`, [...this.labels, ['le', boundText(bound)]]),
      );
    }
    return this.#buckets;
  }
}

/** Data points that came before, known by their attributes as they were sent. */
export class KnownPoints {
  readonly #translation: Translation;
  readonly #points = new Map<string, KnownPoint>();
  readonly #series = new Map<string, SeriesRef>();

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  /** Forgets all when it has become too many; not to be called between two points of a body. */
  trim(): void {
    if (this.#points.size <= MAX_SERIES && this.#series.size <= MAX_SERIES) return;
    this.#points.clear();
    this.#series.clear();
  }

  /**
   * @param target labels of the resource
   * @param check tells what is wrong with labels that are new
   */
  point<P extends object>(
    name: string,
    attributes: Attributes,
    target: readonly Label[],
    check: (labels: readonly Label[]) => P | undefined,
  ): KnownPoint | P {
    let key = `${name.length}:${name}${labelsKey(target)}|`;
    for (const [attribute, value] of attributes) {
      const text = textOf(value);
      key += `${attribute.length}:${attribute}${text.length}:${text}`;
    }
    const known = this.#points.get(key);
    if (known !== undefined) return known;
    const labels = labelsOf(attributes, this.#translation);
    const problem = check(labels);
    if (problem !== undefined) return problem;
    const point = new KnownPoint(name, labels, (of, all) => this.series(of, all, target));
    this.#points.set(key, point);
    return point;
  }

  series(name: string, labels: readonly Label[], target: readonly Label[]): SeriesRef {
    const all = makeLabels([...labels, ...target, [METRIC_NAME, name]]);
    const key = labelsKey(all);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = { labels: all, key, handle: -1 };
    this.#series.set(key, series);
    return series;
  }
}
