import { describe, expect, test } from 'vitest';
import { rollUp } from '../codec/rollup.ts';
import { keepBuckets } from './rollup-columns.ts';
import { rollupSamples } from './rollup-values.ts';

const MINUTE = 60_000;
const FIVE = 5 * MINUTE;
const T = 1_700_000_100_000 - (1_700_000_100_000 % FIVE);

/** A sample each minute, two buckets of five minutes. */
const rolled = (values: readonly number[], before?: number) =>
  rollUp(
    {
      index: 0,
      timestamps: Float64Array.from(values, (_, i) => T + i * MINUTE),
      values: Float64Array.from(values),
    },
    FIVE,
    before,
  );

const samples = (values: readonly number[], func: string, rangeMs: number, before?: number) => {
  const { timestamps, values: found } = rollupSamples(rolled(values, before), () => FIVE, {
    func,
    rangeMs,
    stepMs: FIVE,
  });
  return [...timestamps].map((at, i) => [(at - T) / MINUTE, found[i]]);
};

describe('samples made of rollups', () => {
  const values = [1, 3, 2, 8, 4, 5, 7, 6, 0, 9];
  test.each([
    ['', 4, 9],
    ['last_over_time', 4, 9],
    ['min_over_time', 1, 0],
    ['max_over_time', 8, 9],
    ['sum_over_time', 18, 27],
    ['avg_over_time', 3.6, 5.4],
  ])('%s finds its column', (func, first, second) => {
    expect(samples(values, func, 60 * MINUTE)).toEqual([
      [4, first],
      [9, second],
    ]);
  });

  test('counting finds as many samples as there were', () => {
    expect(samples(values, 'count_over_time', 60 * MINUTE)).toHaveLength(10);
  });

  test('a counter goes on through its resets and ends as the series did', () => {
    expect(samples([1, 2, 3, 4, 5, 6, 7, 1, 2, 3], 'rate', 60 * MINUTE, 0)).toEqual([
      [4, 5 - 7],
      [9, 3],
    ]);
  });

  test('windows shorter than two buckets find several samples in each', () => {
    const found = samples([10, 10, 10, 10, 10, 15, 15, 15, 15, 20], 'increase', FIVE);
    expect(found).toEqual([
      [1.5, 10],
      [4, 10],
      [6.5, 15],
      [9, 20],
    ]);
    const sums = samples(values, 'sum_over_time', FIVE).map(([, value]) => value);
    expect(sums).toEqual([9, 9, 13.5, 13.5]);
  });

  test('buckets can be left out', () => {
    expect([...keepBuckets(rolled(values), (at) => at > T + FIVE).last]).toEqual([9]);
  });
});
