import { describe, expect, test } from 'vitest';
import { Changes, SETTLED_AFTER_MS } from './changes.ts';
import { type Question, ResultsCache } from './results-cache.ts';

const NOW = 10_000_000;
const STEP = 1000;

function question(startMs: number, endMs: number, more: Partial<Question> = {}): Question {
  return { key: 'q', query: 'q', startMs, endMs, stepMs: STEP, lookbackMs: 1, aheadMs: 0, ...more };
}

function answer({ startMs, endMs, stepMs }: Question, labels: string[] = ['a']) {
  const times = Float64Array.from(
    { length: Math.floor((endMs - startMs) / stepMs) + 1 },
    (_, i) => startMs + i * stepMs,
  );
  return {
    series: labels.map((value) => ({
      labels: [['l', value] as const],
      times,
      values: times.map((t) => t * 2),
    })),
    infos: [],
  };
}

function filled(asked: Question, changes = new Changes()) {
  const cache = new ResultsCache({ changes });
  cache.keep(asked, answer(asked), changes.version, NOW);
  return { cache, changes };
}

describe('what is reused', () => {
  test('the part of another range that was asked before, of the same phase', () => {
    const { cache } = filled(question(1000, 50_000));
    const found = cache.find(question(20_000, 80_000), NOW);
    expect(found).toMatchObject({ firstMs: 20_000, lastMs: 50_000 });
    expect(found?.series[0]?.times[0]).toBe(20_000);
    expect(found?.series[0]?.values.at(-1)).toBe(100_000);
    expect(cache.find(question(20_500, 80_500), NOW)).toBeUndefined();
    expect(cache.find(question(60_000, 80_000), NOW)).toBeUndefined();
    expect(cache.find(question(1000, 50_000, { stepMs: 500 }), NOW)).toBeUndefined();
    expect(cache.find(question(1000, 50_000, { lookbackMs: 2 }), NOW)).toBeUndefined();
    expect(cache.find(question(1000, 50_000, { key: 'other' }), NOW)).toBeUndefined();
  });

  test('nothing that may still change', () => {
    const settled = NOW - SETTLED_AFTER_MS;
    const asked = question(settled - 5000, settled + 5000);
    expect(filled(asked).cache.find(asked, NOW)).toMatchObject({ lastMs: settled });
    const ahead = question(settled - 5000, settled + 5000, { aheadMs: 2000 });
    expect(filled(ahead).cache.find(ahead, NOW)).toMatchObject({ lastMs: settled - 2000 });
    const fresh = question(NOW - 1000, NOW);
    expect(filled(fresh).cache.find(fresh, NOW)).toBeUndefined();
  });

  test('nothing from where data has changed on', () => {
    const asked = question(1000, 50_000);
    const { cache, changes } = filled(asked);
    changes.note(30_500);
    expect(cache.find(asked, NOW)).toMatchObject({ firstMs: 1000, lastMs: 30_000 });
    changes.note(500);
    expect(cache.find(asked, NOW)).toBeUndefined();
    cache.keep(asked, answer(asked), changes.version, NOW);
    expect(cache.find(asked, NOW)).toMatchObject({ lastMs: 50_000 });
  });

  test('a change while the answer was being made counts', () => {
    const changes = new Changes();
    const cache = new ResultsCache({ changes });
    const asked = question(1000, 50_000);
    const before = changes.version;
    changes.note(10_500);
    cache.keep(asked, answer(asked), before, NOW);
    expect(cache.find(asked, NOW)).toMatchObject({ lastMs: 10_000 });
  });

  test('nothing older than an hour', () => {
    const asked = question(1000, 50_000);
    expect(filled(asked).cache.find(asked, NOW + 3_600_001)).toBeUndefined();
  });

  test('answers with infos only for the same text, as infos name places in it', () => {
    const cache = new ResultsCache({ changes: new Changes() });
    const asked = question(1000, 50_000);
    cache.keep(asked, { ...answer(asked), infos: ['(1:1)'] }, 0, NOW);
    expect(cache.find(asked, NOW)).toMatchObject({ infos: ['(1:1)'] });
    expect(cache.find(question(1000, 50_000, { query: ' q' }), NOW)).toBeUndefined();
  });

  test('a narrower answer does not take the place of a wider one', () => {
    const asked = question(1000, 50_000);
    const { cache, changes } = filled(asked);
    const narrow = question(10_000, 20_000);
    cache.keep(narrow, answer(narrow), changes.version, NOW);
    expect(cache.find(asked, NOW)).toMatchObject({ firstMs: 1000, lastMs: 50_000 });
  });
});

test('it stays within its bytes, and forgets what was used least', () => {
  const cache = new ResultsCache({ changes: new Changes(), maxBytes: 100_000 });
  const keep = (key: string, seconds: number): void => {
    const asked = question(1000, seconds * 1000, { key });
    cache.keep(asked, answer(asked), 0, NOW);
  };
  const has = (key: string): boolean => cache.find(question(1000, 2000, { key }), NOW) !== undefined;
  for (const key of ['a', 'b', 'c', 'd']) keep(key, 1400);
  expect(has('a')).toBe(true);
  keep('e', 1400);
  expect(cache.bytes).toBeLessThanOrEqual(100_000);
  expect([has('a'), has('b'), has('e')]).toEqual([true, false, true]);
  keep('large', 9000);
  expect(has('large')).toBe(false);
});
