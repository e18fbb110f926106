import { describe, expect, test } from 'vitest';
import type { PlanNode } from '#lib/model/statement.ts';
import { planRows } from './query-detail.ts';

const node = (given: Partial<PlanNode>): PlanNode => ({ type: 'Seq Scan', children: [], ...given });

describe('planRows', () => {
  test('parents before children, loops multiplied, self time by difference', () => {
    const plan = node({
      type: 'Nested Loop',
      timeMs: 100,
      loops: 1,
      rowsEstimated: 10,
      rowsActual: 10,
      children: [
        node({ relation: 'orders', alias: 'o', timeMs: 20, loops: 1, filter: 'status = ?' }),
        node({
          type: 'Index Scan',
          index: 'items_pkey',
          relation: 'items',
          timeMs: 2,
          loops: 30,
          rowsActual: 3,
        }),
      ],
    });
    const rows = planRows(plan);
    expect(rows.map((row) => [row.depth, row.title, row.timeMs])).toEqual([
      [0, 'Nested Loop', 100],
      [1, 'Seq Scan on orders o', 20],
      [1, 'Index Scan using items_pkey on items', 60],
    ]);
    expect(rows[0]?.selfShare).toBeCloseTo(0.2);
    expect(rows[2]?.rowsActual).toBe(90);
    expect(rows[1]?.conditions).toEqual([['Filter', 'status = ?']]);
  });

  test.each([
    [1, 1000, 1000],
    [1000, 1, 1000],
    [10, 20, undefined],
    [undefined, 5, undefined],
  ])('estimated %s, actual %s: off by %s', (rowsEstimated, rowsActual, misestimate) => {
    expect(planRows(node({ rowsEstimated, rowsActual }))[0]?.misestimate).toBe(misestimate);
  });

  test('a plan without times has none', () => {
    expect(planRows(node({ relation: 't' }))[0]).toMatchObject({ timeMs: undefined, selfShare: undefined });
  });

  test('10,000 levels deep', () => {
    let plan = node({});
    for (let i = 0; i < 10_000; i++) plan = node({ children: [plan] });
    expect(planRows(plan)).toHaveLength(10_001);
  });
});
