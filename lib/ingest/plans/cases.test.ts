import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PlanNode } from '#lib/model/statement.ts';
import { buildPlan } from './build.ts';
import { readJsonPlan } from './json.ts';
import { readTextTree } from './text.ts';

const CASES = '../shared/cases';
const why = existsSync(CASES) ? '' : ' (skipped: ../shared/cases is not there)';

/** What both forms of a plan tell in the same way. */
function compared(node: PlanNode | undefined): unknown {
  if (node === undefined) return undefined;
  const {
    type,
    relation,
    index,
    alias,
    joinType,
    filter,
    indexCondition,
    rowsEstimated,
    rowsActual,
    loops,
    costTotal,
    timeMs,
  } = node;
  const { details } = node;
  return {
    node: [
      // The expected trees write some names in two ways, and leave some directions out.
      type.replace(/^Nested Loop Join$/, 'Nested Loop'),
      relation,
      index,
      alias,
      filter,
      indexCondition,
      rowsEstimated,
      rowsActual,
      loops,
      costTotal,
      timeMs,
    ],
    joinType: joinType === 'Inner' ? undefined : joinType,
    details: ['Sort Method', 'Subplan Name', 'Function Name', 'Hash Cond', 'Join Filter'].map(
      (key) => details?.[key],
    ),
    children: node.children.map(compared),
  };
}

describe.skipIf(why !== '')(`plans of other projects${why}`, () => {
  test.each(globSync(`${CASES}/plans/*.plan`).sort())('%s', (file) => {
    const root = readTextTree(readFileSync(file, 'utf8'));
    const expected = readJsonPlan(readFileSync(file.replace('.plan', '.expected.json'), 'utf8')).plan;
    expect(compared(root && buildPlan(root))).toEqual(compared(expected));
  });

  test.each(globSync(`${CASES}/slowlog-postgres/auto-explain/*.in.json`).sort())('%s', (file) => {
    const { query, plan } = readJsonPlan(readFileSync(file, 'utf8'));
    const normalised = readFileSync(file.replace('.in.', '.normalised.'), 'utf8');
    const types = (json: string): string[] =>
      Array.from(json.matchAll(/"Node Type": "([^"]+)"/g), (m) => m[1] ?? '').sort();
    const found: string[] = [];
    const visit = (node: PlanNode): void => {
      found.push(node.type);
      node.children.forEach(visit);
    };
    if (plan !== undefined) visit(plan);
    expect(found.sort()).toEqual(types(normalised));
    const literals = Array.from(query.matchAll(/'([^']{4,})'|\b(\d{4,})\b/g), (m) => m[1] ?? m[2] ?? '');
    const told = JSON.stringify(plan);
    expect(literals.filter((l) => !normalised.includes(l) && told.includes(l))).toEqual([]);
  });
});
