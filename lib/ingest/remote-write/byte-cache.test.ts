import { expect, test } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const keyOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), end: bytes.length };
};

class Probe {
  readonly cache: ByteCache<{ text: string }>;

  constructor(cache = new ByteCache<{ text: string }>()) {
    this.cache = cache;
  }

  set(text: string) {
    const { bytes, view, end } = keyOf(text);
    const value = { text };
    this.cache.set(bytes, view, 0, end, value);
    return value;
  }

  get(text: string) {
    const { bytes, view, end } = keyOf(text);
    return this.cache.get(bytes, view, 0, end);
  }

  /** What is known of the text that begins with the key that came next last time. */
  follow(text: string) {
    const { view, end } = keyOf(text);
    return this.cache.follow(view, 0, end) === 0 ? undefined : this.cache.followed();
  }
}

test('finds what was set, whatever its length, while tables and arena grow', () => {
  const probe = new Probe();
  const names = Array.from({ length: 20_000 }, (_, i) => `${'x'.repeat(i % 40)}${i}`);
  const refs = names.map((name) => probe.set(name));
  expect(names.filter((name, i) => probe.get(name) !== refs[i])).toEqual([]);
  expect(probe.get('never seen')).toBeUndefined();
});

test('equal hashes never mix keys up, and a run of them stays short', () => {
  const probe = new Probe(new ByteCache(undefined, () => 12345));
  const refs = Array.from({ length: 100 }, (_, i) => probe.set(`s${i}`));
  const found = refs.map((_, i) => probe.get(`s${i}`));
  expect(found.filter((ref, i) => ref !== undefined && ref !== refs[i])).toEqual([]);
  expect(found.filter((ref) => ref !== undefined)).toHaveLength(64);
});

test('is bounded: what is still in use is carried over, what is not is forgotten', () => {
  const probe = new Probe(new ByteCache({ maxEntries: 100, maxBytes: 1 << 20 }));
  const kept = probe.set('kept');
  for (let i = 0; i < 1000; i++) {
    probe.set(`passing ${i}`);
    expect(probe.get('kept')).toBe(kept);
  }
  expect(probe.get('passing 0')).toBeUndefined();
  expect(probe.get('passing 999')).toBeDefined();
});

test('is bounded in bytes too', () => {
  const probe = new Probe(new ByteCache({ maxEntries: 1000, maxBytes: 1000 }));
  for (let i = 0; i < 50; i++) probe.set(`${i}`.padEnd(100, 'x'));
  const left = Array.from({ length: 50 }, (_, i) => probe.get(`${i}`.padEnd(100, 'x'))).filter(Boolean);
  expect(left.length).toBeLessThanOrEqual(20);
});

test('follows the order of last time, and learns a new one', () => {
  const probe = new Probe();
  const [a, b, c] = [probe.set('series a'), probe.set('series b'), probe.set('series c')];
  expect(probe.get('series a')).toBe(a);
  expect(probe.follow('series b and its samples')).toBe(b);
  expect(probe.follow('series c')).toBe(c);
  expect(probe.follow('series c')).toBeUndefined();
  expect(probe.get('series a')).toBe(a);
  expect(probe.follow('series')).toBeUndefined();
  expect(probe.follow('series x')).toBeUndefined();
  expect(probe.get('series c')).toBe(c);
  expect(probe.get('series a')).toBe(a);
  expect(probe.follow('series c')).toBe(c);
});
