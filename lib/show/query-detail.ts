import type { StatementExample } from '#lib/model/digest.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { PlanNode } from '#lib/model/statement.ts';
import type { StatementSummary } from '#lib/model/statement-summary.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel } from './panel.ts';

export interface QueryModel {
  /** ms since the epoch: when the server answered */
  readonly now: number;
  readonly range: TimeRange;
  readonly row: StatementSummary;
  /** The statement laid out over lines. */
  readonly sql: string;
  readonly panels: readonly PanelModel[];
  /** slowest first, masked */
  readonly examples: readonly Omit<StatementExample, 'plan'>[];
  /** The plan of the slowest example that has one. */
  readonly plan:
    | { readonly at: number; readonly durationMs: number; readonly rows: readonly PlanRow[] }
    | undefined;
  readonly tables: readonly string[];
  readonly findings: readonly Finding[];
}

/** One node of a plan, in the order that plans are printed: parents before children. */
export interface PlanRow {
  readonly depth: number;
  /** `Index Scan using orders_pkey on orders o` */
  readonly title: string;
  /** Conditions and joins, each with its name. */
  readonly conditions: readonly (readonly [name: string, text: string])[];
  readonly rowsEstimated: number | undefined;
  /** All loops together. */
  readonly rowsActual: number | undefined;
  readonly rowsRemoved: number | undefined;
  readonly loops: number | undefined;
  /** All loops together, children included. */
  readonly timeMs: number | undefined;
  /** Share of the whole plan's time that this node itself took, 0…1. */
  readonly selfShare: number | undefined;
  /** How far the planner was off, as a factor ≥ 1; only where it matters (10 and more). */
  readonly misestimate: number | undefined;
}

/** A planner that is this far off may well have chosen another plan. */
const MISESTIMATE = 10;

/** Flattens a plan for display. Iterative: a plan of any depth is fine. */
export function planRows(plan: PlanNode): PlanRow[] {
  const rows: PlanRow[] = [];
  const wholeMs = totalMs(plan);
  const stack: { node: PlanNode; depth: number }[] = [{ node: plan, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, depth } = next;
    rows.push(planRow(node, depth, wholeMs));
    for (const child of node.children.toReversed()) stack.push({ node: child, depth: depth + 1 });
  }
  return rows;
}

/** Plans tell the time and rows of one loop on average. */
const totalMs = (node: PlanNode): number | undefined =>
  node.timeMs === undefined ? undefined : node.timeMs * (node.loops ?? 1);

function planRow(node: PlanNode, depth: number, wholeMs: number | undefined): PlanRow {
  const timeMs = totalMs(node);
  const childMs = node.children.reduce((sum, child) => sum + (totalMs(child) ?? 0), 0);
  const { rowsEstimated, rowsActual, loops } = node;
  const conditions = [
    ['Join', node.joinType],
    ['Index condition', node.indexCondition],
    ['Filter', node.filter],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  const off =
    rowsEstimated === undefined || rowsActual === undefined
      ? 1
      : Math.max(rowsEstimated, 1) / Math.max(rowsActual, 1);
  const factor = Math.max(off, 1 / off);
  return {
    depth,
    title: planTitle(node),
    conditions,
    rowsEstimated,
    rowsActual: rowsActual === undefined ? undefined : rowsActual * (loops ?? 1),
    rowsRemoved: node.rowsRemovedByFilter === undefined ? undefined : node.rowsRemovedByFilter * (loops ?? 1),
    loops,
    timeMs,
    selfShare: timeMs === undefined || !wholeMs ? undefined : Math.max(0, timeMs - childMs) / wholeMs,
    misestimate: factor >= MISESTIMATE ? factor : undefined,
  };
}

function planTitle(node: PlanNode): string {
  const index = node.index && !node.type.includes(node.index) ? ` using ${node.index}` : '';
  const relation = node.relation ? ` on ${node.relation}` : '';
  const alias = node.alias && node.alias !== node.relation ? ` ${node.alias}` : '';
  return `${node.type}${index}${relation}${relation ? alias : ''}`;
}
