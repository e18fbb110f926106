import { describe, expect, test } from 'vitest';
import type { PlanNode } from '#lib/model/statement.ts';
import { type DigestParts, digest, draftsOf, evidenceOf, repeat, T0 } from '../evidence.testing.ts';
import { dbMissingIndex } from './db-missing-index.ts';

const SQL = 'select * from order_items where order_id = 5 and price > 10';
const minutes = (parts: Partial<DigestParts> = {}): DigestParts[] =>
  repeat(5, (i) => ({ at: T0 + i * 60_000, durations: repeat(20, () => 80), ...parts }));

const scan = (parts: Partial<PlanNode> = {}): PlanNode => ({
  type: 'Limit',
  children: [
    {
      type: 'Seq Scan',
      relation: 'order_items',
      filter: '((order_id = ?) AND (price > ?))',
      rowsActual: 3,
      rowsRemovedByFilter: 239_997,
      children: [],
      ...parts,
    },
  ],
});

const withPlan = (plan: PlanNode | undefined, sql = SQL, buckets = minutes()) =>
  draftsOf(
    dbMissingIndex,
    evidenceOf({
      digests: [digest(sql, buckets, { examples: [{ at: T0 + 60_000, durationMs: 80, text: sql, plan }] })],
    }),
  );
const withRows = (examined: number, sent: number, sql = SQL, parts: Partial<DigestParts> = {}) =>
  draftsOf(
    dbMissingIndex,
    evidenceOf({
      digests: [
        digest(
          sql,
          minutes({ callsWithRows: 20, rowsExamined: examined * 20, rowsSent: sent * 20, ...parts }),
          {
            system: 'mysql',
          },
        ),
      ],
    }),
  );

describe('db-missing-index', () => {
  test('fires on a plan that throws nearly all rows away and proposes equality before range', () => {
    const [draft] = withPlan(scan());
    expect(draft?.subject.table).toBe('order_items');
    expect(draft?.variables).toMatchObject({ table: 'order_items', columns: 'order_id, price' });
    expect(draft?.evidence[0]).toMatchObject({ kind: 'plan', value: 240_000, unit: 'rows' });
  });

  test('fires on an unanalysed plan whose cost tells the rows', () => {
    const plan = scan({
      rowsActual: undefined,
      rowsRemovedByFilter: undefined,
      rowsEstimated: 3,
      costTotal: 6000,
    });
    expect(withPlan(plan)[0]?.summary).toContain('is planned to read');
  });

  test('counts rows of every loop of a scan inside a join', () => {
    expect(
      withPlan(scan({ loops: 10, rowsActual: 1, rowsRemovedByFilter: 2000 }))[0]?.evidence[0]?.value,
    ).toBe(20_010);
  });

  test('fires on rows examined against rows returned', () => {
    expect(withRows(50_000, 5)[0]?.variables.columns).toBe('order_id, price');
  });

  test.each([
    ['no plan and no row counts, however slow', withPlan(undefined)],
    ['an index scan', withPlan(scan({ type: 'Index Scan' }))],
    ['a small table', withPlan(scan({ rowsActual: 1, rowsRemovedByFilter: 4000 }))],
    [
      'a condition that keeps most rows',
      withPlan(scan({ rowsActual: 100_000, rowsRemovedByFilter: 140_000 })),
    ],
    ['OR, which one index does not serve', withPlan(scan({ filter: '((a = ?) OR (b = ?))' }))],
    ['a leading wildcard', withPlan(scan({ filter: '(title ~~ ?)' }))],
    ['a count of the whole table', withRows(50_000, 1, 'select count(*) from order_items')],
    ['just below the limits', withRows(9_999, 5)],
    ['a report that returns much', withRows(50_000, 5_000)],
    ['a statement that waits for locks', withRows(50_000, 5, SQL, { lockMs: 1000 })],
    ['two calls', withPlan(scan(), SQL, [{ at: T0, durations: [5000, 5000] }])],
    ['hardly any load', withPlan(scan(), SQL, [{ at: T0, durations: [20, 20, 20, 20] }])],
    ['no data', draftsOf(dbMissingIndex, evidenceOf({}))],
  ])('silent: %s', (_, drafts) => {
    expect(drafts).toEqual([]);
  });
});
