import type { Binary, Duration, Expr, Position, TimeShift, Unary } from './ast.ts';
import { badData } from './fault.ts';

/**
 * `offset`, `@`, `[…]` bind to the operand right in front of them. The grammar wraps the whole expression
 * (`a + b offset 5m`), so the suffix is moved down to the rightmost operand.
 */
function onRightmost(expr: Expr, end: number, apply: (operand: Expr) => Expr): Expr {
  const extended = (node: Binary | Unary): Position => ({ from: node.position.from, to: end });
  if (expr.kind === 'binary')
    return { ...expr, right: onRightmost(expr.right, end, apply), position: extended(expr) };
  if (expr.kind === 'unary')
    return { ...expr, expr: onRightmost(expr.expr, end, apply), position: extended(expr) };
  return apply(expr);
}

function shifted(
  query: string,
  expr: Expr,
  position: Position,
  word: 'offset' | '@',
  change: (shift: TimeShift) => TimeShift | undefined,
): Expr {
  const next = (shift: TimeShift): TimeShift => {
    const changed = change(shift);
    if (!changed) throw badData(query, position, `parse error: ${word} may not be set multiple times`);
    return changed;
  };
  return onRightmost(expr, position.to, (operand) => {
    const at: Position = { from: operand.position.from, to: position.to };
    if (operand.kind === 'selector' || operand.kind === 'subquery')
      return { ...operand, shift: next(operand.shift), position: at };
    if (operand.kind === 'matrix') {
      const selector = { ...operand.selector, shift: next(operand.selector.shift) };
      return { ...operand, selector, position: at };
    }
    throw badData(
      query,
      at,
      `parse error: ${word} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
    );
  });
}

export function withOffset(query: string, expr: Expr, offset: Duration, position: Position): Expr {
  return shifted(query, expr, position, 'offset', (shift) =>
    shift.offset ? undefined : { ...shift, offset },
  );
}

export function withAt(query: string, expr: Expr, at: number | 'start' | 'end', position: Position): Expr {
  return shifted(query, expr, position, '@', (shift) =>
    shift.at === undefined ? { ...shift, at } : undefined,
  );
}

export function withRange(query: string, expr: Expr, range: Duration, position: Position): Expr {
  return onRightmost(expr, position.to, (selector) => {
    const at: Position = { from: selector.position.from, to: position.to };
    if (selector.kind !== 'selector')
      throw badData(
        query,
        at,
        'parse error: ranges only allowed for vector selectors; write [5m:] for a subquery',
      );
    if (selector.shift.offset || selector.shift.at !== undefined)
      throw badData(
        query,
        at,
        'parse error: no offset or @ modifiers allowed before range; put them behind it',
      );
    return { kind: 'matrix', selector, range, position: at };
  });
}

export function withSubquery(
  query: string,
  expr: Expr,
  range: Duration,
  step: Duration | undefined,
  position: Position,
): Expr {
  return onRightmost(expr, position.to, (inner) => {
    const at: Position = { from: inner.position.from, to: position.to };
    if (inner.kind === 'matrix' || inner.kind === 'string')
      throw badData(query, at, 'parse error: subquery is only allowed on instant vector');
    return {
      kind: 'subquery',
      expr: inner,
      range,
      step,
      shift: { offset: undefined, at: undefined },
      position: at,
    };
  });
}
