import type { Labels } from '#lib/model/labels.ts';
import { METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import type { Expr } from './ast.ts';
import { WindowBounds } from './bounds.ts';
import type { Matrix } from './matrix.ts';
import type { Pacer } from './pacer.ts';
import { cleaned } from './range-series.ts';
import type { Column, Grid } from './value.ts';
import { floatColumn, floatsOnly } from './value.ts';

/** The only series' value at each step; NaN where there is none or more than one. */
export async function scalarOfVector(
  pacer: Pacer,
  columns: readonly Column[],
  grid: Grid,
): Promise<Float64Array> {
  const values = new Float64Array(grid.steps);
  const counts = new Float64Array(grid.steps);
  for (const column of floatsOnly([...columns])) {
    for (let i = 0; i < grid.steps; i++) {
      if (!column.present[i]) continue;
      counts[i] = (counts[i] ?? 0) + 1;
      values[i] = column.values[i] ?? 0;
    }
    if (pacer.due()) await pacer.pause();
  }
  for (let i = 0; i < grid.steps; i++) if (counts[i] !== 1) values[i] = Number.NaN;
  return values;
}

/** 1 at the steps where no series has a sample. */
export async function absent(
  pacer: Pacer,
  expr: Expr,
  columns: readonly Column[],
  grid: Grid,
): Promise<Column[]> {
  const missing = new Uint8Array(grid.steps).fill(1);
  for (const { present } of columns) {
    for (let i = 0; i < grid.steps; i++) if (present[i]) missing[i] = 0;
    if (pacer.due()) await pacer.pause();
  }
  return ones(expr, missing);
}

export async function absentOverTime(
  pacer: Pacer,
  expr: Expr,
  matrix: Matrix,
  grid: Grid,
): Promise<Column[]> {
  const missing = new Uint8Array(grid.steps).fill(1);
  const windows = new WindowBounds(matrix.reference, matrix.rangeMs, grid.steps);
  for (const series of matrix.series) {
    const { lo, hi } = windows.of(cleaned(series).times);
    for (let i = 0; i < grid.steps; i++) if ((hi[i] ?? 0) > (lo[i] ?? 0)) missing[i] = 0;
    if (pacer.due()) await pacer.pause();
  }
  return ones(expr, missing);
}

function ones(expr: Expr, present: Uint8Array): Column[] {
  if (!present.includes(1)) return [];
  return [floatColumn(labelsOf(expr), new Float64Array(present.length).fill(1), present)];
}

/** What the selector says of the missing series: labels asked for by `=`, once. */
function labelsOf(expr: Expr): Labels {
  if (expr.kind === 'paren') return labelsOf(expr.expr);
  const selector = expr.kind === 'matrix' ? expr.selector : expr;
  if (selector.kind !== 'selector') return [];
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, op, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (op === '=' && !seen.has(name)) {
      seen.add(name);
      labels.set(name, value);
    } else labels.delete(name);
  }
  return makeLabels(labels);
}
