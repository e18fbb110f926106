import { RE2JS } from 're2js';
import type { Label, Labels } from '#lib/model/labels.ts';
import { labelsKey, labelValue, makeLabels } from '#lib/model/labels.ts';
import type { Matcher, MetricMetadata, SeriesData } from '#lib/model/metrics.ts';
import { setStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Cardinality, MetricReader } from '#lib/store/store.ts';

export type PointValue = number | 'stale' | NativeHistogram;
export type Point = readonly [timeMs: number, value: PointValue];

/** The plainest possible reader: every series in memory, samples sorted by time. */
export class MemoryReader implements MetricReader {
  readonly #series = new Map<string, { readonly labels: Labels; readonly points: Map<number, PointValue> }>();
  readonly #metadata: MetricMetadata[] = [];
  selects = 0;

  add(pairs: Iterable<Label>, points: Iterable<Point>): this {
    const labels = makeLabels(pairs);
    const key = labelsKey(labels);
    const series = this.#series.get(key) ?? { labels, points: new Map() };
    this.#series.set(key, series);
    for (const [time, value] of points) series.points.set(time, value);
    return this;
  }

  describe(metadata: MetricMetadata): this {
    this.#metadata.push(metadata);
    return this;
  }

  select(matchers: readonly Matcher[], range: TimeRange): Promise<SeriesData[]> {
    this.selects++;
    return Promise.resolve(this.#find(matchers, range));
  }

  exemplars(): Promise<[]> {
    return Promise.resolve([]);
  }

  cardinality(): Promise<Cardinality> {
    return Promise.reject(new Error('not counted'));
  }

  series(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]> {
    return Promise.resolve(this.#find(matchers, range).map(({ labels }) => labels));
  }

  labelNames(matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const names = this.#find(matchers, range).flatMap(({ labels }) => labels.map(([name]) => name));
    return Promise.resolve([...new Set(names)].sort());
  }

  labelValues(name: string, matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const values = this.#find(matchers, range).map(({ labels }) => labelValue(labels, name));
    return Promise.resolve([...new Set(values)].filter((value) => value !== '').sort());
  }

  metadata(metric?: string): Promise<MetricMetadata[]> {
    return Promise.resolve(this.#metadata.filter(({ name }) => metric === undefined || name === metric));
  }

  #find(matchers: readonly Matcher[], range: TimeRange): SeriesData[] {
    const tests = matchers.map(matcherTest);
    const found: SeriesData[] = [];
    for (const { labels, points } of this.#series.values()) {
      if (!tests.every((test) => test(labels))) continue;
      const inside = [...points]
        .filter(([time]) => time >= range.from && time <= range.to)
        .sort(([a], [b]) => a - b);
      if (inside.length === 0) continue;
      const values = new Float64Array(inside.length);
      const words = wordsOf(values);
      inside.forEach(([, value], index) => {
        if (value === 'stale') setStale(words, index);
        else values[index] = typeof value === 'number' ? value : Number.NaN;
      });
      const timestamps = Float64Array.from(inside, ([time]) => time);
      const histograms = inside.map(([, value]) => (typeof value === 'object' ? value : undefined));
      const any = histograms.some((histogram) => histogram);
      found.push({ labels, timestamps, values, ...(any ? { histograms } : {}) });
    }
    return found;
  }
}

function matcherTest(matcher: Matcher): (labels: Labels) => boolean {
  const { name, op, value } = matcher;
  if (op === '=') return (labels) => labelValue(labels, name) === value;
  if (op === '!=') return (labels) => labelValue(labels, name) !== value;
  const regex = RE2JS.compile(`^(?s:${value})$`);
  return (labels) => regex.matches(labelValue(labels, name)) === (op === '=~');
}
