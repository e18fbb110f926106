import type { PlanNode } from '#lib/model/statement.ts';
import { maskCondition } from './condition.ts';

/** A node as EXPLAIN tells it: keys as in its JSON form ("Node Type", "Actual Rows"), values as they stand. */
export interface RawNode {
  readonly fields: Map<string, unknown>;
  readonly children: RawNode[];
}

/** Deeper or wider plans are cut. */
const MOST_NODES = 500;
const MOST_DETAILS = 40;

/** Keys that have a place of their own in a PlanNode, or say nothing. */
const PLACED = new Set([
  'Node Type',
  'Relation Name',
  'Index Name',
  'Alias',
  'Filter',
  'Index Cond',
  'Join Type',
  'Plan Rows',
  'Actual Rows',
  'Rows Removed by Filter',
  'Actual Loops',
  'Total Cost',
  'Actual Total Time',
  'Plans',
  'Plan Width',
  'Parallel Aware',
  'Async Capable',
  'Output',
  'Startup Cost',
  'Actual Startup Time',
  'Schema',
]);

/** Details that are words of the server's own or names, and hold no literal. */
const PLAIN_DETAILS = new Set([
  'Strategy',
  'Partial Mode',
  'Scan Direction',
  'Parent Relationship',
  'Subplan Name',
  'Sort Method',
  'Sort Space Type',
  'Operation',
  'Command',
  'Custom Plan Provider',
  'Function Name',
  'CTE Name',
  'Cache Mode',
]);

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function detail(key: string, value: unknown): string | number | undefined {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return PLAIN_DETAILS.has(key) ? value.slice(0, 200) : maskCondition(value);
  if (Array.isArray(value) && value.every((v) => typeof v === 'string'))
    return maskCondition(value.join(', '));
  return undefined;
}

function detailsOf(fields: Map<string, unknown>): [string, string | number][] {
  const details: [string, string | number][] = [];
  for (const [key, value] of fields) {
    if (PLACED.has(key) || details.length >= MOST_DETAILS) continue;
    // Keys come from outside: only EXPLAIN's own form ("Sort Key", "Shared Hit Blocks") is let in.
    if (!/^[A-Z][A-Za-z/ -]{0,40}$/.test(key)) continue;
    const told = detail(key, value);
    if (told !== undefined) details.push([key, told]);
  }
  return details;
}

function condition(value: unknown): string | undefined {
  const told = text(value);
  return told === undefined ? undefined : maskCondition(told);
}

function removeUndefined<T extends object>(node: T): T {
  for (const [key, value] of Object.entries(node)) if (value === undefined) Reflect.deleteProperty(node, key);
  return node;
}

/** Makes the tree that is kept: names and figures as they are, every expression masked. */
export function buildPlan(root: RawNode): PlanNode {
  let left = MOST_NODES;
  const build = ({ fields, children }: RawNode, depth: number): PlanNode => {
    left--;
    const details = detailsOf(fields);
    const kept: PlanNode[] = [];
    for (const child of children) {
      if (left <= 0 || depth > 100) break;
      kept.push(build(child, depth + 1));
    }
    return removeUndefined({
      type: text(fields.get('Node Type'))?.slice(0, 100) ?? 'Unknown',
      relation: text(fields.get('Relation Name')),
      index: text(fields.get('Index Name')),
      alias: text(fields.get('Alias')),
      filter: condition(fields.get('Filter')),
      indexCondition: condition(fields.get('Index Cond')),
      joinType: text(fields.get('Join Type')),
      rowsEstimated: number(fields.get('Plan Rows')),
      rowsActual: number(fields.get('Actual Rows')),
      rowsRemovedByFilter: number(fields.get('Rows Removed by Filter')),
      loops: number(fields.get('Actual Loops')),
      costTotal: number(fields.get('Total Cost')),
      timeMs: number(fields.get('Actual Total Time')),
      details: details.length > 0 ? Object.fromEntries(details) : undefined,
      children: kept,
    });
  };
  return build(root, 0);
}

/** Rows that the plan's scans read, all loops; undefined when it was not measured (log_analyze is off). */
export function rowsRead(plan: PlanNode): number | undefined {
  let total: number | undefined;
  const visit = (node: PlanNode): void => {
    if (node.children.length === 0 && node.rowsActual !== undefined) {
      const rows = node.rowsActual + (node.rowsRemovedByFilter ?? 0);
      total = (total ?? 0) + rows * (node.loops ?? 1);
    }
    for (const child of node.children) visit(child);
  };
  visit(plan);
  return total === undefined ? undefined : Math.round(total);
}
