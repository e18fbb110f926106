import type { Expr, VectorSelector } from '#lib/query/promql/ast.ts';

/** The expressions right below one. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregation':
      return expr.param ? [expr.param, expr.expr] : [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
  }
}

/** Every selector of a query, in the order it is written. */
export function selectorsOf(expr: Expr): VectorSelector[] {
  return expr.kind === 'selector' ? [expr] : childrenOf(expr).flatMap(selectorsOf);
}

/** The metric that a selector names, by its name or by a matcher on `__name__`. */
export function metricOf(selector: VectorSelector): string | undefined {
  return selector.name ?? selector.matchers.find(({ name, op }) => name === '__name__' && op === '=')?.value;
}
