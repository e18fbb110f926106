import { aggregate } from './aggregation.ts';
import { arithmetic, comparison } from './arithmetic.ts';
import type { Binary, Expr } from './ast.ts';
import { COMPARISONS } from './ast.ts';
import { callFunction } from './call.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import type { Matrix } from './matrix.ts';
import { asGauge, scaled } from './native/arithmetic.ts';
import { HistogramNotes } from './native/notes.ts';
import type { Operand } from './native/operation.ts';
import { operate } from './operation.ts';
import { reference } from './reference.ts';
import { instantVector, rangeSeries } from './select.ts';
import { setOperation } from './set-operation.ts';
import { columnSeries, subqueryGrid } from './subquery.ts';
import type { Column, Grid, Value } from './value.ts';
import { anyPresent, constant } from './value.ts';
import { matchVectors } from './vector-matching.ts';

/** Value of a checked expression at every time of the grid. A range vector has no value of its own: see `matrixOf`. */
export async function evaluate(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<Value> {
  const before = evaluation.held();
  evaluation.reserve(grid.steps);
  const value = await evaluateNode(evaluation, expr, grid);
  // Operands are garbage by now; only the result is still held.
  evaluation.settle(before + pointsOf(value, grid));
  return value;
}

function pointsOf(value: Value, grid: Grid): number {
  return value.type === 'vector' ? value.columns.length * grid.steps : grid.steps;
}

async function evaluateNode(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<Value> {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: constant(grid, expr.value) };
    case 'string':
      return { type: 'string', value: expr.value };
    case 'paren':
      return evaluate(evaluation, expr.expr, grid);
    case 'selector':
      return { type: 'vector', columns: await instantVector(evaluation, expr, grid) };
    case 'matrix':
    case 'subquery':
      throw executionFault(
        'a range vector has no value of its own here; wrap it in a function such as rate()',
      );
    case 'unary':
      return unary(evaluation, await evaluate(evaluation, expr.expr, grid), expr.op);
    case 'binary':
      return binary(evaluation, expr, grid);
    case 'call':
      return callFunction(
        {
          evaluation,
          grid,
          expr,
          vector: (argument) => vectorOf(evaluation, argument, grid),
          scalar: (argument) => scalarOf(evaluation, argument, grid),
          matrix: (argument) => matrixOf(evaluation, argument, grid, expr.name),
        },
        expr.name,
      );
    case 'aggregation': {
      const { param } = expr;
      const scalar =
        param && expr.op !== 'count_values' ? await scalarOf(evaluation, param, grid) : undefined;
      const columns = await vectorOf(evaluation, expr.expr, grid);
      return { type: 'vector', columns: await aggregate(evaluation, expr, columns, scalar, grid) };
    }
  }
}

async function vectorOf(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<Column[]> {
  const value = await evaluate(evaluation, expr, grid);
  return value.type === 'vector' ? value.columns : [];
}

async function scalarOf(evaluation: Evaluation, expr: Expr, grid: Grid): Promise<Float64Array> {
  const value = await evaluate(evaluation, expr, grid);
  return value.type === 'scalar' ? value.values : constant(grid, Number.NaN);
}

/**
 * The samples behind a range selector or subquery, with the windows the grid's steps see of them.
 * @param func the function that will see them, a hint for the store
 */
export async function matrixOf(evaluation: Evaluation, expr: Expr, grid: Grid, func = ''): Promise<Matrix> {
  if (expr.kind === 'paren') return matrixOf(evaluation, expr.expr, grid, func);
  if (expr.kind === 'matrix') {
    return {
      series: await rangeSeries(evaluation, expr, grid, func),
      reference: reference(evaluation, expr.selector.shift, grid),
      rangeMs: expr.range.ms,
      extension: expr.selector.extension,
    };
  }
  if (expr.kind !== 'subquery') throw executionFault('this function needs a range vector such as x[5m]');
  const inner = subqueryGrid(evaluation, expr, grid);
  const columns = inner ? await vectorOf(evaluation, expr.expr, inner) : [];
  return {
    series: inner ? columnSeries(columns, inner) : [],
    reference: reference(evaluation, expr.shift, grid),
    rangeMs: expr.range.ms,
    extension: undefined,
  };
}

async function unary(evaluation: Evaluation, value: Value, op: '+' | '-'): Promise<Value> {
  if (op === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((v) => -v) };
  const columns: Column[] = [];
  for (const { labels, values, present, histograms } of value.columns) {
    columns.push({
      labels,
      values: values.map((v) => -v),
      present,
      histograms: histograms?.map((histogram) => histogram && asGauge(scaled(histogram, -1))),
      dropName: true,
    });
    if (evaluation.due()) await evaluation.pause();
  }
  return { type: 'vector', columns };
}

async function binary(evaluation: Evaluation, expr: Binary, grid: Grid): Promise<Value> {
  const left = await evaluate(evaluation, expr.left, grid);
  const right = await evaluate(evaluation, expr.right, grid);
  if (left.type === 'string' || right.type === 'string') throw executionFault('strings have no operators');
  if (left.type === 'scalar' && right.type === 'scalar') {
    const values = COMPARISONS.has(expr.op)
      ? Float64Array.from(comparison(expr.op, left.values, right.values))
      : arithmetic(expr.op, left.values, right.values);
    return { type: 'scalar', values };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    const { op } = expr;
    const columns =
      op === 'and' || op === 'or' || op === 'unless'
        ? await setOperation(evaluation, op, left.columns, right.columns, expr.matching)
        : await matchVectors(evaluation, expr, left.columns, right.columns);
    return { type: 'vector', columns };
  }
  const columns = left.type === 'vector' ? left.columns : right.type === 'vector' ? right.columns : [];
  const notes = new HistogramNotes(evaluation.annotations, expr.position);
  const dropsName = !COMPARISONS.has(expr.op) || expr.bool;
  const result: Column[] = [];
  for (const column of columns) {
    const outcome =
      left.type === 'scalar'
        ? operate(expr, scalarOperand(left.values), column, column.present, 'right', notes)
        : right.type === 'scalar'
          ? operate(expr, column, scalarOperand(right.values), column.present, 'left', notes)
          : column;
    const { values, present, histograms } = outcome;
    if (present === column.present || anyPresent(present))
      result.push({
        labels: column.labels,
        values,
        present,
        histograms,
        dropName: dropsName || column.dropName,
      });
    evaluation.reserve(grid.steps);
    if (evaluation.due()) await evaluation.pause();
  }
  return { type: 'vector', columns: result };
}

function scalarOperand(values: Float64Array): Operand {
  return { values, histograms: undefined };
}
