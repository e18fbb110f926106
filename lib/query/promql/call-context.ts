import type { Call, Expr } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import type { Matrix } from './matrix.ts';
import type { Column, Grid } from './value.ts';

/** A function call with its surroundings; arguments are evaluated when asked for. */
export interface CallContext {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  readonly expr: Call;
  vector(argument: Expr): Promise<Column[]>;
  scalar(argument: Expr): Promise<Float64Array>;
  matrix(argument: Expr): Promise<Matrix>;
}

export function argument(context: CallContext, index: number): Expr {
  const found = context.expr.args[index];
  if (!found) throw executionFault(`${context.expr.name}() lacks argument ${index + 1}`);
  return found;
}
