import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setStale, wordsOf } from '#lib/model/metrics.ts';
import { decodeRollup, encodeRollup, type RollupColumns, rollUp } from './rollup.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

const series = (values: readonly (number | 'stale')[], stepMs = MINUTE) => {
  const column = Float64Array.from(values, (v) => (v === 'stale' ? 0 : v));
  values.forEach((v, i) => {
    if (v === 'stale') setStale(wordsOf(column), i);
  });
  return {
    index: 7,
    timestamps: Float64Array.from(values, (_, i) => START + i * stepMs),
    values: column,
  };
};

const listed = ({ index, ...columns }: RollupColumns) =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));

describe('rollUp', () => {
  test('a counter, across buckets and a restart', () => {
    const up = Array.from({ length: 20 }, (_, i) => 100 + i * 10);
    const given = series([...up, 5, 15]);
    expect(listed(rollUp(given, 10 * MINUTE, 95))).toEqual({
      timestamps: [9, 19, 21].map((i) => START + i * MINUTE),
      count: [10, 10, 2],
      sum: [1450, 2450, 20],
      min: [100, 200, 5],
      max: [190, 290, 15],
      last: [190, 290, 15],
      increase: [95, 100, 15],
    });
  });

  test('without a value before it the first sample brings no increase', () => {
    expect([...rollUp(series([100, 101, 103]), 10 * MINUTE).increase]).toEqual([3]);
  });

  test('a series that goes up and down has plain differences', () => {
    const given = series([5, 3, 6, 2, 4, 1], 5 * MINUTE);
    expect([...rollUp(given, 10 * MINUTE).increase]).toEqual([-2, -1, -1]);
  });

  test.each([
    ['staleness markers are left out', [1, 'stale', 3, 'stale'] as const, [2], [4]],
    ['only staleness markers give nothing', ['stale', 'stale'] as const, [], []],
    ['no samples give nothing', [], [], []],
  ])('%s', (_, values, count, sum) => {
    const back = rollUp(series(values), 10 * MINUTE);
    expect([...back.count]).toEqual(count);
    expect([...back.sum]).toEqual(sum);
  });

  test('NaN is the least or greatest only of NaNs', () => {
    const back = rollUp(series([Number.NaN, 4, 2, Number.NaN]), 2 * MINUTE);
    expect([[...back.min], [...back.max]]).toEqual([
      [4, 2],
      [4, 2],
    ]);
  });

  test('a native histogram is no value', () => {
    const histograms = [undefined, {} as never];
    expect([...rollUp({ ...series([1, Number.NaN]), histograms }, 10 * MINUTE).sum]).toEqual([1]);
  });
});

const value = fc.oneof(
  fc.nat(1000),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY),
);
const column = fc.array(value, { maxLength: 30 });

describe('rollup bytes', () => {
  test('give back what was rolled up', () => {
    fc.assert(
      fc.property(
        fc.array(column, { maxLength: 8 }),
        fc.option(value, { nil: undefined }),
        (rows, before) => {
          const given = rows.map((row, index) => rollUp({ ...series(row), index }, 5 * MINUTE, before));
          const data = encodeRollup(given);
          expect(decodeRollup(data)).toEqual(given);
          expect(decodeRollup(data, (index) => index === 1)).toEqual(given.slice(1, 2));
        },
      ),
    );
  });

  test('give back any columns', () => {
    const columns = fc
      .tuple(fc.nat(12), fc.array(value, { minLength: 72, maxLength: 72 }))
      .map(([n, v]): RollupColumns => {
        const part = (k: number) => Float64Array.from(v.slice(k * 12, k * 12 + n));
        return {
          index: 3,
          timestamps: Float64Array.from({ length: n }, (_, i) => START + i),
          count: part(0),
          sum: part(1),
          min: part(2),
          max: part(3),
          last: part(4),
          increase: part(5),
        };
      });
    fc.assert(
      fc.property(fc.array(columns, { maxLength: 5 }), (given) => {
        expect(decodeRollup(encodeRollup(given))).toEqual(given);
      }),
    );
  });

  test('damaged throw a RangeError', () => {
    fc.assert(
      fc.property(
        fc.array(column, { maxLength: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (rows, where, flip) => {
          const data = encodeRollup(rows.map((row, index) => rollUp({ ...series(row), index }, 5 * MINUTE)));
          const at = where % data.length;
          expect(() => decodeRollup(data.slice(0, at))).toThrow(RangeError);
          data[at] = (data[at] as number) ^ flip;
          expect(() => decodeRollup(data)).toThrow(RangeError);
        },
      ),
    );
  });
});
