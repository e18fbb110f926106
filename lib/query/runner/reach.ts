import type { Expr } from '../promql/ast.ts';

/** How far around an evaluation time a query looks at samples, ms. */
export interface Reach {
  readonly backMs: number;
  /** More than 0 only with a negative offset. */
  readonly aheadMs: number;
}

const NOWHERE: Reach = { backMs: 0, aheadMs: 0 };
/** Their values, or those of a duration that names them, depend on the ends of the range that is asked for. */
const OF_THE_RANGE = /\b(?:start|end|step|range)\s*\(/;

/** Reach of a query whose value at a time does not depend on the range asked for; undefined when it may. */
export function reachOf(query: string, expr: Expr, lookbackMs: number): Reach | undefined {
  return OF_THE_RANGE.test(query) ? undefined : reach(expr, lookbackMs);
}

function reach(expr: Expr, lookbackMs: number): Reach | undefined {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return NOWHERE;
    case 'paren':
    case 'unary':
      return reach(expr.expr, lookbackMs);
    case 'selector':
      return expr.shift.at === undefined
        ? shifted({ backMs: lookbackMs, aheadMs: 0 }, expr.shift.offset?.ms)
        : undefined;
    case 'matrix':
      return reach(expr.selector, expr.range.ms);
    case 'subquery': {
      const inner = expr.shift.at === undefined ? reach(expr.expr, lookbackMs) : undefined;
      return inner && shifted({ ...inner, backMs: inner.backMs + expr.range.ms }, expr.shift.offset?.ms);
    }
    case 'call':
      return widest(expr.args, lookbackMs);
    case 'aggregation':
      return widest(expr.param ? [expr.expr, expr.param] : [expr.expr], lookbackMs);
    case 'binary':
      return widest([expr.left, expr.right], lookbackMs);
  }
}

function shifted({ backMs, aheadMs }: Reach, offsetMs = 0): Reach {
  return { backMs: backMs + offsetMs, aheadMs: Math.max(0, aheadMs - offsetMs) };
}

function widest(parts: readonly Expr[], lookbackMs: number): Reach | undefined {
  let all = NOWHERE;
  for (const part of parts) {
    const one = reach(part, lookbackMs);
    if (!one) return undefined;
    all = { backMs: Math.max(all.backMs, one.backMs), aheadMs: Math.max(all.aheadMs, one.aheadMs) };
  }
  return all;
}
