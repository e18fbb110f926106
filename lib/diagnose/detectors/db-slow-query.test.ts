import { describe, expect, test } from 'vitest';
import { digest, draftsOf, evidenceOf, repeat, T0 } from '../evidence.testing.ts';
import { dbSlowQuery } from './db-slow-query.ts';

const minutes = (ms: number, calls: number, from = 0, n = 5) =>
  repeat(n, (i) => ({ at: T0 + (from + i) * 60_000, durations: repeat(calls, () => ms) }));
const hour = (ms: number, calls: number) => minutes(ms, calls, -60, 60);
const OTHER = digest('select 1 from other where id = 1', [...hour(40, 60), ...minutes(40, 60)]);
const detect = (buckets: ReturnType<typeof minutes>, others = [OTHER]) =>
  draftsOf(dbSlowQuery, evidenceOf({ digests: [digest('select * from t where a = 1', buckets), ...others] }));

describe('db-slow-query', () => {
  test('fires on a statement that carries the database time', () => {
    expect(detect([...hour(200, 20), ...minutes(200, 20)])).toHaveLength(1);
  });
  test('fires on one that became twice as slow and begins where it rose', () => {
    const [draft] = detect([...hour(40, 40), ...minutes(40, 40, 0, 2), ...minutes(150, 40, 2, 3)]);
    expect(draft?.title).toContain('slower');
    expect(draft?.onset).toBe(T0 + 120_000);
  });
  test.each([
    ['usual', [...hour(40, 20), ...minutes(42, 20)]],
    ['slow but rare', [...hour(400, 1), ...minutes(400, 0, 0, 4), ...minutes(400, 4, 4, 1)]],
    ['twice very little', [...hour(10, 20), ...minutes(22, 20)]],
    ['a large share of next to nothing', minutes(101, 1)],
    ['nothing', []],
  ])('silent: %s', (_, buckets) => {
    expect(
      detect(buckets, buckets.length ? [OTHER] : []).filter((d) => d.subject.query !== OTHER.fingerprint),
    ).toEqual([]);
  });
});
