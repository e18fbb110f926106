import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoint, onsetAbove } from './change-point.ts';
import { floors, risingShare } from './growth.ts';
import { filterColumns } from './plan-scan.ts';
import { mannWhitney, median, proportionTest, quantile, theilSen, twoSidedP } from './statistics.ts';

const counted = (values: readonly number[]) =>
  values.reduce((map, v) => map.set(v, (map.get(v) ?? 0) + 1), new Map<number, number>());

describe('statistics', () => {
  test('quantiles interpolate', () => {
    expect([quantile([1, 2, 3, 4], 0.25), median([3, 1, 2]), median([])]).toEqual([1.75, 2, undefined]);
  });
  test('normal tail', () => {
    expect(twoSidedP(1.959964)).toBeCloseTo(0.05, 5);
    expect(twoSidedP(0)).toBeCloseTo(1, 5);
  });
  test('Mann–Whitney: a published example (Hollander and Wolfe, normal approximation)', () => {
    const a = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const b = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { p, superiority } = mannWhitney(counted(a), counted(b));
    expect(superiority).toBeCloseTo(0.3);
    expect(p).toBeCloseTo(0.2207, 3);
  });
  test('Mann–Whitney does not care about order and is symmetric', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 2 }), fc.array(fc.nat(20), { minLength: 2 }), (a, b) => {
        const ab = mannWhitney(counted(a), counted(b));
        const ba = mannWhitney(counted(b), counted(a));
        expect(ab.p).toBeCloseTo(ba.p, 9);
        expect(ab.superiority + ba.superiority).toBeCloseTo(1, 9);
      }),
    );
  });
  test('proportions', () => {
    expect(proportionTest(1, 100, 20, 100)).toBeLessThan(0.001);
    expect(proportionTest(5, 100, 6, 100)).toBeGreaterThan(0.5);
    expect(proportionTest(0, 0, 6, 100)).toBe(1);
  });
  test('Theil–Sen shrugs off outliers', () => {
    const times = Array.from({ length: 50 }, (_, i) => i);
    const values = times.map((t) => (t % 10 === 0 ? 1000 : 3 * t));
    expect(theilSen(times, values)).toBeCloseTo(3, 0);
    expect(theilSen([1], [1])).toBeUndefined();
  });
});

describe('change point', () => {
  test('finds a shift of level', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 25 ? 10 : 20) + (i % 3));
    expect(changePoint(values)).toMatchObject({ index: 25, direction: 1 });
    expect(changePoint(values)?.p).toBeLessThan(0.001);
  });
  test('says nothing of few or flat points', () => {
    expect(changePoint([1, 2, 3])).toBeUndefined();
    expect(changePoint([5, 5, 5, 5, 5, 5, 5])).toBeUndefined();
  });
  test('onset looks back and forgives one dip', () => {
    const values = [1, 9, 1, 1, 9, 9, 1, 9, 9];
    expect(
      onsetAbove(
        values.map((_, i) => i),
        values,
        5,
      ),
    ).toBe(4);
    expect(onsetAbove([0, 1], [1, 1], 5)).toBeUndefined();
  });
});

test('floors keep what collections leave', () => {
  const samples = { times: [0, 1, 2, 3, 4, 5], values: [5, 2, 9, 3, 8, 4] };
  expect(floors(samples, 3).values).toEqual([2, 3, 4]);
  expect(risingShare([1, 2, 1, 3])).toBeCloseTo(4 / 6);
  expect(risingShare([1, 2, 3])).toBe(1);
});

test.each([
  ['(order_id = ?)', ['order_id'], []],
  ['((status = ?) AND (created_at > ?))', ['status'], ['created_at']],
  ['(order_id = ANY (?))', ['order_id'], []],
  ['((i.order_id = ?) AND ((kind)::text = ?))', ['order_id', 'kind'], []],
  ['(order_id = ANY (?::integer[]))', ['order_id'], []],
])('columns of the filter %s', (filter, equality, range) => {
  expect(filterColumns(filter)).toEqual({ equality, range });
});

test.each(['(lower(name) = ?)', '((a = ?) OR (b = ?))', '(a <> ?)', '(name ~~ ?)', '(a IS NULL)', ''])(
  'no columns of the filter %s',
  (filter) => {
    expect(filterColumns(filter)).toBeUndefined();
  },
);
