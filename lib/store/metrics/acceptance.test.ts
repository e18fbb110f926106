import { describe, expect, test } from 'vitest';
import { isStale, seriesRef, setStale, wordsOf } from '#lib/model/metrics.ts';
import { durationText, withinTime } from './acceptance.ts';

const NOW = Date.UTC(2026, 0, 1);
const batchOf = (...lists: number[][]) => {
  const timestamps = Float64Array.from(lists.flat());
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + list.length;
  });
  return {
    series: lists.map((_, i) => seriesRef([['__name__', `m${i}`]])),
    offsets,
    timestamps,
    values: Float64Array.from(timestamps, (_, i) => i),
    metadata: [],
  };
};

describe('acceptance of samples by their time', () => {
  test('a batch that is fine comes back as the same object', () => {
    const batch = batchOf([NOW - 1, NOW], [NOW]);
    expect(withinTime(batch, { oldest: NOW - 10, now: NOW })).toEqual({ batch, rejected: [] });
    expect(withinTime(batch, { oldest: undefined, now: NOW }).batch).toBe(batch);
  });

  test('what is too old, ahead or no time at all is left out, series by series', () => {
    const given = batchOf([NOW - 7_200_000, NOW - 1], [NOW + 660_000, Number.NaN], [NOW]);
    setStale(wordsOf(given.values), 4);
    const { batch, rejected } = withinTime(given, { oldest: NOW - 3_600_000, now: NOW });
    expect([...batch.offsets]).toEqual([0, 1, 2]);
    expect(batch.series).toEqual([given.series[0], given.series[2]]);
    expect([...batch.timestamps]).toEqual([NOW - 1, NOW]);
    expect(batch.values[0]).toBe(1);
    expect(isStale(wordsOf(batch.values), 1)).toBe(true);
    expect(rejected.map((r) => [r.reason, r.count])).toEqual([
      ['too-old', 2],
      ['in-the-future', 1],
    ]);
    expect(rejected[0]?.message).toBe("'m0' is 2h old; retention keeps 1h (CHOKEPOINT_RETENTION)");
    expect(rejected[1]?.message).toContain("'m1' is 11m ahead of server clock");
  });

  test('fractions of a millisecond are rounded', () => {
    const { batch, rejected } = withinTime(batchOf([NOW - 10.6, NOW]), { oldest: undefined, now: NOW });
    expect([[...batch.timestamps], rejected]).toEqual([[NOW - 11, NOW], []]);
  });

  test.each([
    [0, '0s'],
    [999, '0s'],
    [90_000, '1m30s'],
    [11 * 60_000, '11m'],
    [15 * 86_400_000, '15d'],
    [86_400_000 + 3_600_000 + 1, '1d1h'],
  ])('%i ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
