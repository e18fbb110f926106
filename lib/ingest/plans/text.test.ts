import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAutoExplain } from './auto-explain.ts';
import { buildPlan, rowsRead } from './build.ts';
import { readTextTree } from './text.ts';

function plan(...lines: string[]): ReturnType<typeof buildPlan> {
  const root = readTextTree(lines.join('\n'));
  if (root === undefined) throw new Error('no plan');
  return buildPlan(root);
}

const COST = '(cost=0.00..1.00 rows=2 width=3)';

describe('titles', () => {
  test.each([
    ['Seq Scan on public.t', { type: 'Seq Scan', relation: 't' }],
    ['Seq Scan on public."T x" "A b"', { type: 'Seq Scan', relation: 'T x', alias: 'A b' }],
    ['Parallel Seq Scan on t t_1', { type: 'Parallel Seq Scan', relation: 't', alias: 't_1' }],
    [
      'Index Only Scan Backward using i on t',
      { type: 'Index Only Scan', index: 'i', relation: 't', details: { 'Scan Direction': 'Backward' } },
    ],
    ['Bitmap Index Scan on i', { type: 'Bitmap Index Scan', index: 'i' }],
    ['Hash Right Anti Join', { type: 'Hash Join', joinType: 'Right Anti' }],
    ['Nested Loop Left Join', { type: 'Nested Loop', joinType: 'Left' }],
    ['Merge Join', { type: 'Merge Join', joinType: 'Inner' }],
    ['Insert on t', { type: 'Insert', relation: 't' }],
    ['CTE Scan on r', { type: 'CTE Scan', details: { 'CTE Name': 'r' } }],
    ['Custom Scan (Citus Adaptive)', { type: 'Custom Scan (Citus Adaptive)' }],
    ['Append', { type: 'Append' }],
  ])('%s', (title, node) => {
    expect(plan(`${title}  ${COST}`)).toEqual({ rowsEstimated: 2, costTotal: 1, children: [], ...node });
  });
});

test('details belong to their node, subplans to theirs', () => {
  const tree = plan(
    `Hash Join  ${COST} (actual time=0.1..9.5 rows=3.00 loops=2)`,
    "  Hash Cond: (a.id = 'geheim'::text)",
    '  InitPlan 1 (returns $0)',
    `    ->  Result  ${COST} (never executed)`,
    `  ->  Seq Scan on a  ${COST} (actual rows=5 loops=2)`,
    '        Rows Removed by Filter: 10',
    `  ->  Hash  ${COST}`,
    '        Buckets: 1024  Batches: 1  Memory Usage: 9kB',
    'Planning Time: 0.1 ms',
  );
  expect(tree).toMatchObject({
    rowsActual: 3,
    loops: 2,
    timeMs: 9.5,
    details: { 'Hash Cond': '(a.id = ?::text)' },
    children: [
      { type: 'Result', loops: 0, details: { 'Subplan Name': 'InitPlan 1 (returns $0)' } },
      { relation: 'a', rowsRemovedByFilter: 10 },
      { details: { Buckets: 1024, Batches: 1, 'Memory Usage': 9 } },
    ],
  });
  expect(rowsRead(tree)).toBe(30);
});

test('a plan that was not measured tells no rows', () => {
  expect(rowsRead(plan(`Seq Scan on t  ${COST}`))).toBeUndefined();
});

test('wide and deep plans are cut', () => {
  const deep = Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}->  Append  ${COST}`);
  const count = (node: ReturnType<typeof buildPlan>): number =>
    1 + node.children.reduce((n, c) => n + count(c), 0);
  expect(count(plan(...deep))).toBeLessThanOrEqual(500);
  expect(count(plan(`Append  ${COST}`, ...Array.from({ length: 2000 }, () => `  ->  Result  ${COST}`)))).toBe(
    500,
  );
});

test('any text gives an answer', () => {
  const piece = fc.constantFrom(
    'Query Text: ',
    '\n',
    '  ',
    '->  ',
    'Seq Scan on t',
    COST,
    '(actual rows=1 loops=1)',
    '{"Query Text": "',
    '"',
    '{',
    '[',
    '|',
    '+',
    'Filter: ',
    'SubPlan 1',
    "'",
    '<',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
      expect(typeof readAutoExplain(parts.join('')).query).toBe('string');
    }),
    { numRuns: 500 },
  );
});

test.each([
  [
    'spaces',
    `Seq Scan${' '.repeat(500_000)}on t ${COST}\n|${' '.repeat(500_000)}x\na${' '.repeat(500_000)}b  +`,
  ],
  ['quotes', `Seq Scan on ${'"'.repeat(500_001)} ${COST}`],
  ['brackets', `Seq Scan on t ${'(cost='.repeat(100_000)}`],
  ['JSON cut in its text', `{"Query Text": "${'a'.repeat(900_000)}`],
  ['JSON in depth', `{"Plan": ${'{"Node Type": "x", "Plans": ['.repeat(20_000)}`],
])('a long text of %s takes no long time', (_, text) => {
  const started = performance.now();
  readAutoExplain(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
