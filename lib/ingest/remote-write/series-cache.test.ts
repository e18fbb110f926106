import { expect, test } from 'vitest';
import { seriesRef } from '#lib/model/metrics.ts';
import { SeriesCache } from './series-cache.ts';

const keyOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), end: bytes.length };
};

class Probe {
  readonly cache: SeriesCache;
  /** @param hash instead of the cache's own, to force collisions */
  readonly hash: number | undefined;

  constructor(cache = new SeriesCache(), hash?: number) {
    this.cache = cache;
    this.hash = hash;
  }

  set(text: string) {
    const { bytes, view, end } = keyOf(text);
    const ref = seriesRef([['__name__', text]]);
    this.cache.set(bytes, 0, end, this.hash ?? this.cache.hash(view, 0, end), ref);
    return ref;
  }

  get(text: string) {
    const { bytes, view, end } = keyOf(text);
    return this.cache.get(bytes, view, 0, end, this.hash ?? this.cache.hash(view, 0, end));
  }
}

test('finds what was set, whatever its length, while tables and arena grow', () => {
  const probe = new Probe();
  const names = Array.from({ length: 20_000 }, (_, i) => `${'x'.repeat(i % 40)}${i}`);
  const refs = names.map((name) => probe.set(name));
  expect(names.filter((name, i) => probe.get(name) !== refs[i])).toEqual([]);
  expect(probe.get('never seen')).toBeUndefined();
});

test('equal hashes never mix series up, and a run of them stays short', () => {
  const probe = new Probe(new SeriesCache(), 12345);
  const refs = Array.from({ length: 100 }, (_, i) => probe.set(`s${i}`));
  const found = refs.map((_, i) => probe.get(`s${i}`));
  expect(found.filter((ref, i) => ref !== undefined && ref !== refs[i])).toEqual([]);
  expect(found.filter((ref) => ref !== undefined)).toHaveLength(64);
});

test('is bounded: what is still in use is carried over, what is not is forgotten', () => {
  const probe = new Probe(new SeriesCache({ maxSeries: 100, maxBytes: 1 << 20 }));
  const kept = probe.set('kept');
  for (let i = 0; i < 1000; i++) {
    probe.set(`passing ${i}`);
    expect(probe.get('kept')).toBe(kept);
  }
  expect(probe.get('passing 0')).toBeUndefined();
  expect(probe.get('passing 999')).toBeDefined();
});

test('is bounded in bytes too', () => {
  const probe = new Probe(new SeriesCache({ maxSeries: 1000, maxBytes: 1000 }));
  for (let i = 0; i < 50; i++) probe.set(`${i}`.padEnd(100, 'x'));
  const left = Array.from({ length: 50 }, (_, i) => probe.get(`${i}`.padEnd(100, 'x'))).filter(Boolean);
  expect(left.length).toBeLessThanOrEqual(20);
});
