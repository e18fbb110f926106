import type { Duration, Expr, Position, TimeShift } from './ast.ts';
import { badData } from './fault.ts';

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
  if (expr.kind === 'selector' || expr.kind === 'subquery')
    return { ...expr, shift: next(expr.shift), position };
  if (expr.kind === 'matrix')
    return { ...expr, selector: { ...expr.selector, shift: next(expr.selector.shift) }, position };
  throw badData(
    query,
    position,
    `parse error: ${word} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  );
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

export function withExtension(
  query: string,
  expr: Expr,
  extension: 'anchored' | 'smoothed',
  position: Position,
): Expr {
  const selector = expr.kind === 'matrix' ? expr.selector : expr;
  if (selector.kind !== 'selector')
    throw badData(
      query,
      position,
      `parse error: ${extension} modifier not supported for this expression; it belongs behind a selector`,
    );
  if (selector.extension)
    throw badData(query, position, 'parse error: anchored and smoothed modifiers cannot be used together');
  const extended = { ...selector, extension };
  return expr.kind === 'matrix' ? { ...expr, selector: extended, position } : { ...extended, position };
}

export function withRange(query: string, expr: Expr, range: Duration, position: Position): Expr {
  if (expr.kind !== 'selector')
    throw badData(
      query,
      position,
      'parse error: ranges only allowed for vector selectors; write [5m:] for a subquery',
    );
  if (expr.shift.offset || expr.shift.at !== undefined)
    throw badData(
      query,
      position,
      'parse error: no offset or @ modifiers allowed before range; put them behind it',
    );
  return { kind: 'matrix', selector: expr, range, position };
}

export function withSubquery(
  query: string,
  expr: Expr,
  range: Duration,
  step: Duration | undefined,
  position: Position,
): Expr {
  if (expr.kind === 'matrix' || expr.kind === 'string')
    throw badData(query, position, 'parse error: subquery is only allowed on instant vector');
  return { kind: 'subquery', expr, range, step, shift: { offset: undefined, at: undefined }, position };
}
