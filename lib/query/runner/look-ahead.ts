import type { Expr } from '../promql/ast.ts';

/** Their values, or those of a duration that names them, depend on the ends of the range that is asked for. */
const OF_THE_RANGE = /\b(?:start|end|step|range)\s*\(/;

/**
 * How far past an evaluation time a query looks at samples, ms: more than 0 only with a negative offset. Undefined
 * when its value at a time may depend on more than that time: on the range that is asked for, or on a fixed moment.
 * @param query as printed
 */
export function lookAhead(query: string, expr: Expr): number | undefined {
  return OF_THE_RANGE.test(query) ? undefined : ahead(expr);
}

function ahead(expr: Expr): number | undefined {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return 0;
    case 'paren':
    case 'unary':
      return ahead(expr.expr);
    case 'selector':
      // A smoothed value lies on the line to the next sample, whenever that comes.
      return expr.shift.at === undefined && expr.extension !== 'smoothed'
        ? Math.max(0, -(expr.shift.offset?.ms ?? 0))
        : undefined;
    case 'matrix':
      return ahead(expr.selector);
    case 'subquery': {
      const inner = expr.shift.at === undefined ? ahead(expr.expr) : undefined;
      return inner === undefined ? undefined : Math.max(0, inner - (expr.shift.offset?.ms ?? 0));
    }
    case 'call':
      return furthest(expr.args);
    case 'aggregation':
      return furthest(expr.param ? [expr.expr, expr.param] : [expr.expr]);
    case 'binary':
      return furthest([expr.left, expr.right]);
  }
}

function furthest(parts: readonly Expr[]): number | undefined {
  let most = 0;
  for (const part of parts) {
    const one = ahead(part);
    if (one === undefined) return undefined;
    most = Math.max(most, one);
  }
  return most;
}
