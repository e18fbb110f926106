import { aggregate } from './aggregation.ts';
import { arithmetic, both, comparison } from './arithmetic.ts';
import type { Binary, Expr } from './ast.ts';
import { COMPARISONS } from './ast.ts';
import { callFunction } from './call.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import { columnSamples, instantVector, rangeSamples, reference, subqueryGrid } from './select.ts';
import { setOperation } from './set-operation.ts';
import type { Column, Grid, Value } from './value.ts';
import { anyPresent, constant, mergeSameLabels, refuseSameLabels, withoutName } from './value.ts';
import { matchVectors } from './vector-matching.ts';
import type { Matrix } from './windows.ts';

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
      return unary(await evaluate(evaluation, expr.expr, grid), expr.op);
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
      samples: await rangeSamples(evaluation, expr, grid, func),
      reference: reference(evaluation, expr.selector.shift, grid),
      rangeMs: expr.range.ms,
    };
  }
  if (expr.kind !== 'subquery') throw executionFault('this function needs a range vector such as x[5m]');
  const inner = subqueryGrid(evaluation, expr, grid);
  const columns = inner ? await vectorOf(evaluation, expr.expr, inner) : [];
  return {
    samples: inner ? columns.map((column) => columnSamples(column, inner)) : [],
    reference: reference(evaluation, expr.shift, grid),
    rangeMs: expr.range.ms,
  };
}

function unary(value: Value, op: '+' | '-'): Value {
  if (op === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((v) => -v) };
  const negated = value.columns.map((column) => ({
    labels: withoutName(column.labels),
    values: column.values.map((v) => -v),
    present: column.present,
  }));
  return { type: 'vector', columns: refuseSameLabels(negated) };
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
        ? setOperation(op, left.columns, right.columns, expr.matching)
        : await matchVectors(evaluation, expr, left.columns, right.columns);
    return { type: 'vector', columns };
  }
  const columns = left.type === 'vector' ? left.columns : right.type === 'vector' ? right.columns : [];
  const result: Column[] = [];
  for (const column of columns) {
    const a = left.type === 'scalar' ? left.values : column.values;
    const b = right.type === 'scalar' ? right.values : column.values;
    const combined = withScalar(expr, column, a, b);
    if (combined) result.push(combined);
    evaluation.reserve(grid.steps);
    if (evaluation.due()) await evaluation.pause();
  }
  return { type: 'vector', columns: mergeSameLabels(result) };
}

function withScalar(expr: Binary, column: Column, a: Float64Array, b: Float64Array): Column | undefined {
  if (!COMPARISONS.has(expr.op))
    return { labels: withoutName(column.labels), values: arithmetic(expr.op, a, b), present: column.present };
  const holds = comparison(expr.op, a, b);
  if (expr.bool)
    return { labels: withoutName(column.labels), values: Float64Array.from(holds), present: column.present };
  const present = both(column.present, holds);
  return anyPresent(present) ? { ...column, present } : undefined;
}
