import { describe, expect, test } from 'vitest';
import { around, draftsOf, evidenceOf, signal, spanSeries, T0, WINDOW, wobble } from '../evidence.testing.ts';
import { dbPoolExhausted, poolSizeFor } from './db-pool-exhausted.ts';

const inWindow = (at: number) => at >= T0 + 60_000;
interface Pool {
  inUse: (at: number) => number | undefined;
  pending: (at: number) => number | undefined;
  max?: (at: number) => number | undefined;
}
const detect = ({ inUse, pending, max = () => 10 }: Pool) =>
  draftsOf(
    dbPoolExhausted,
    evidenceOf({
      signals: [signal('pool.in_use', inUse), signal('pool.pending', pending), signal('pool.max', max)],
      spans: [spanSeries({}, [{ from: T0 - 3_600_000, to: WINDOW.to, durations: around(20, 100) }])],
    }),
  );

describe('db-pool-exhausted', () => {
  test('fires when full with callers waiting, and sizes by rate and hold time', () => {
    const [draft] = detect({
      inUse: (at) => (inWindow(at) ? 10 : 2),
      pending: (at) => (inWindow(at) ? 7 : 0),
    });
    expect(draft?.onset).toBeCloseTo(T0 + 55_000, -4);
    expect(draft?.variables).toMatchObject({ poolMax: '10', poolSize: String(poolSizeFor(10, 0.2)) });
    expect(draft?.summary).toContain('find what holds them');
  });
  test('fires on node-postgres gauges: open minus idle', () => {
    const drafts = draftsOf(
      dbPoolExhausted,
      evidenceOf({
        signals: [
          signal('pool.size', () => 10),
          signal('pool.idle', (at) => (inWindow(at) ? 0 : 8)),
          signal('pool.pending', (at) => (inWindow(at) ? 3 : 0)),
          signal('pool.max', () => 10),
        ],
      }),
    );
    expect(drafts).toHaveLength(1);
  });
  test.each<[string, Pool]>([
    ['full but nobody waits', { inUse: () => 10, pending: () => 0 }],
    ['waiting but not full', { inUse: () => 9, pending: () => 2 }],
    [
      'full for a moment',
      { inUse: (at) => (at > T0 + 280_000 ? 10 : 2), pending: (at) => (at > T0 + 280_000 ? 5 : 0) },
    ],
    ['noise', { inUse: (at) => 5 + 4 * wobble(at / 5000), pending: () => 0 }],
    ['no maximum known', { inUse: () => 10, pending: () => 5, max: () => undefined }],
    ['no data', { inUse: () => undefined, pending: () => undefined }],
  ])('silent: %s', (_, pool) => {
    expect(detect(pool)).toEqual([]);
  });
});

test('pool size follows Little’s law with headroom', () => {
  expect(poolSizeFor(100, 0.05)).toBe(10);
  expect(poolSizeFor(0.1, 0.01)).toBe(2);
});
