import type { PlanNode } from '#lib/model/statement.ts';

/** A sequential scan that reads many rows to keep few. */
export interface WastefulScan {
  readonly table: string;
  readonly filter: string;
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** counted by the database (EXPLAIN ANALYZE), or reckoned from the planner's cost */
  readonly basis: 'measured' | 'estimated';
}

/**
 * PostgreSQL's default cost of reading one row in a sequential scan: cpu_tuple_cost 0.01 + cpu_operator_cost 0.0025 +
 * its part of a page (seq_page_cost 1, about 100 rows a page); from costsize.c, cost_seqscan.
 */
const COST_PER_ROW = 0.0225;

/** Rows of all loops of a scan node. */
function scanOf(node: PlanNode): WastefulScan | undefined {
  if (!/seq scan$/i.test(node.type) || node.relation === undefined || node.filter === undefined)
    return undefined;
  const common = { table: node.relation, filter: node.filter };
  const loops = node.loops ?? 1;
  if (node.rowsRemovedByFilter !== undefined) {
    const kept = (node.rowsActual ?? 0) * loops;
    return {
      ...common,
      rowsRead: node.rowsRemovedByFilter * loops + kept,
      rowsKept: kept,
      basis: 'measured',
    };
  }
  if (node.rowsActual !== undefined || node.costTotal === undefined) return undefined;
  return {
    ...common,
    rowsRead: Math.round(node.costTotal / COST_PER_ROW),
    rowsKept: node.rowsEstimated ?? 0,
    basis: 'estimated',
  };
}

/** The scan that throws most rows away. */
export function wastefulScan(plan: PlanNode): WastefulScan | undefined {
  let worst: WastefulScan | undefined;
  const stack: PlanNode[] = [plan];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const scan = scanOf(node);
    if (scan && scan.rowsRead - scan.rowsKept > (worst ? worst.rowsRead - worst.rowsKept : 0)) worst = scan;
    stack.push(...node.children);
  }
  return worst;
}

export interface FilterColumns {
  readonly equality: readonly string[];
  readonly range: readonly string[];
}

/**
 * Columns of a scan's filter that an index could serve: `(order_id = ?)`, `((a = ANY (?)) AND (b > ?))`. Undefined
 * when a plain B-tree would not help: OR, functions, leading-wildcard patterns, negations.
 */
export function filterColumns(filter: string): FilterColumns | undefined {
  if (/\bOR\b|\bNOT\b|<>|!=|~~|\bIS\b/i.test(filter)) return undefined;
  const equality = new Set<string>();
  const range = new Set<string>();
  for (const part of filter.split(/\bAND\b/i)) {
    const match =
      /^[\s(]*(?:"?[\w$]+"?\.)?"?([A-Za-z_][\w$]*)"?\)?(?:::[\w ]+(?:\[\])?)?[\s)]*(=|<=|>=|<|>)\s*(\S.*)$/.exec(
        part,
      );
    const [, column, operator, right] = match ?? [];
    if (column === undefined || right === undefined) return undefined;
    if (operator === '=') equality.add(column);
    else range.add(column);
  }
  for (const column of equality) range.delete(column);
  return { equality: [...equality], range: [...range] };
}
