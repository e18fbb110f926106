import type { Label } from '#lib/model/labels.ts';
import { labelsKey, makeLabels } from '#lib/model/labels.ts';
import type { Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS, NO_BUCKETS } from '#lib/model/native-histogram.ts';
import { parseNumber } from '#lib/query/promql/literal.ts';
import { combined } from '#lib/query/promql/native/arithmetic.ts';
import type { SeriesLine } from './test-language.ts';

const HINTS = new Map<string, NativeHistogram['counterReset']>([
  ['reset', 'reset'],
  ['not_reset', 'not-reset'],
  ['gauge', 'gauge'],
]);

/** `{{…}}`, or `{{…}}+{{…}}` as often as is told. */
export function histogramPoints(text: string, times: number): NativeHistogram[] {
  const [, first = '', sign, second] = /^(\{\{.*?\}\})(?:([+-])(\{\{.*?\}\}))?$/s.exec(text) ?? [];
  const found: NativeHistogram[] = [];
  let histogram = histogramOf(first);
  const change = second === undefined ? undefined : histogramOf(second);
  const { counterReset } = histogram;
  for (let i = 0; i <= times; i++) {
    found.push(histogram);
    if (change === undefined) continue;
    const next = combined(histogram, change, sign === '-' ? -1 : 1);
    if (!next) throw new Error(`cannot be added: ${text}`);
    histogram = { ...next.histogram, counterReset };
  }
  return found;
}

function histogramOf(text: string): NativeHistogram {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.slice(2, -2).matchAll(/(\w+):(\[[^\]]*\]|\S+)/g))
    fields.set(name, value);
  const number = (name: string): number => parseNumber(fields.get(name) ?? '0') ?? Number.NaN;
  const list = (name: string): Float64Array => {
    const items = (fields.get(name) ?? '[]')
      .slice(1, -1)
      .trim()
      .split(/[\s,]+/);
    return Float64Array.from(items.filter(Boolean), (item) => parseNumber(item) ?? Number.NaN);
  };
  const side = (counts: Float64Array, offset: number): Buckets =>
    counts.length ? { spans: [{ offset, length: counts.length }], counts } : NO_BUCKETS;
  return {
    schema: number('schema'),
    counterReset: HINTS.get(fields.get('counter_reset_hint') ?? '') ?? 'unknown',
    count: number('count'),
    sum: number('sum'),
    zeroThreshold: number('z_bucket_w'),
    zeroCount: number('z_bucket'),
    positive: side(list('buckets'), number('offset')),
    negative: side(list('n_buckets'), number('n_offset')),
    customValues: list('custom_values'),
  };
}

interface Family {
  readonly labels: Label[];
  readonly bounds: [number, SeriesLine][];
  readonly parts: Map<string, SeriesLine>;
}

/** `load_with_nhcb`: for every classic histogram a native one with its bounds, named without `_bucket`. */
export function withCustomBuckets(series: SeriesLine[], wanted: boolean): SeriesLine[] {
  if (!wanted) return series;
  const families = new Map<string, Family>();
  for (const line of series) {
    const name = line.labels.find(([key]) => key === '__name__')?.[1] ?? '';
    const [, base, suffix = ''] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
    if (base === undefined) continue;
    const labels: Label[] = [
      ...line.labels.filter(([key]) => key !== '__name__' && key !== 'le'),
      ['__name__', base],
    ];
    const key = labelsKey(makeLabels(labels));
    const family: Family = families.get(key) ?? { labels, bounds: [], parts: new Map() };
    families.set(key, family);
    const le = line.labels.find(([label]) => label === 'le')?.[1];
    if (suffix === 'bucket' && le !== undefined) family.bounds.push([parseNumber(le) ?? Number.NaN, line]);
    else family.parts.set(suffix, line);
  }
  const native: SeriesLine[] = [];
  for (const { labels, bounds, parts } of families.values()) {
    if (bounds.length === 0) continue;
    bounds.sort(([a], [b]) => a - b);
    const length = Math.max(...bounds.map(([, { points }]) => points.length));
    const points = Array.from({ length }, (_, i) => customAt(bounds, parts, i));
    native.push({ labels, points });
  }
  return [...series, ...native];
}

function customAt(
  bounds: readonly [number, SeriesLine][],
  parts: ReadonlyMap<string, SeriesLine>,
  index: number,
): NativeHistogram | undefined {
  const value = (line: SeriesLine | undefined): number | undefined => {
    const point = line?.points[index];
    return typeof point === 'number' ? point : undefined;
  };
  const here = bounds.flatMap(([bound, line]) => {
    const count = value(line);
    return count === undefined ? [] : [[bound, count] as const];
  });
  if (here.length === 0) return undefined;
  let before = 0;
  const counts = here.map(([, total]) => {
    const own = total - before;
    before = total;
    return own;
  });
  const finite = here.filter(([bound]) => bound !== Number.POSITIVE_INFINITY);
  if (finite.length === here.length) counts.push(Math.max(0, (value(parts.get('count')) ?? before) - before));
  return {
    schema: CUSTOM_BUCKETS,
    counterReset: 'unknown',
    count: value(parts.get('count')) ?? before,
    sum: value(parts.get('sum')) ?? 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { spans: [{ offset: 0, length: counts.length }], counts: Float64Array.from(counts) },
    negative: NO_BUCKETS,
    customValues: Float64Array.from(finite, ([bound]) => bound),
  };
}
