import type { Aggregation, Binary, Call, Expr, ValueType, VectorSelector } from './ast.ts';
import { COMPARISONS, SET_OPERATIONS, TRIMS, withoutParens } from './ast.ts';
import { badData } from './fault.ts';
import { argumentCount, functionSignature, UNSUPPORTED_FUNCTIONS } from './functions.ts';
import { matchesEmpty } from './regex.ts';

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** Type of a checked expression's value. */
export function valueType(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'call':
      return functionSignature(expr.name)?.returns ?? 'vector';
    case 'binary':
      return valueType(expr.left) === 'scalar' && valueType(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
    case 'paren':
      return valueType(expr.expr);
  }
}

/** Throws a `bad_data` Fault when a part of the query has a type that its place does not take. */
export function check(query: string, expr: Expr): void {
  const expect = (part: Expr, type: ValueType, place: string): void => {
    const found = valueType(part);
    if (found !== type)
      throw badData(
        query,
        part.position,
        `parse error: expected type ${NAMES[type]} in ${place}, got ${NAMES[found]}${rangeHint(type, found)}`,
      );
  };
  switch (expr.kind) {
    case 'call':
      checkCall(query, expr, expect);
      return;
    case 'aggregation':
      checkAggregation(query, expr, expect);
      return;
    case 'binary':
      checkBinary(query, expr);
      return;
    case 'subquery':
      check(query, expr.expr);
      expect(expr.expr, 'vector', 'subquery');
      return;
    case 'unary': {
      check(query, expr.expr);
      const type = valueType(expr.expr);
      if (type !== 'scalar' && type !== 'vector')
        throw badData(
          query,
          expr.position,
          `parse error: unary expression only allowed on expressions of type scalar or instant vector, got "${NAMES[type]}"`,
        );
      return;
    }
    case 'paren':
      check(query, expr.expr);
      return;
    case 'matrix':
      checkMatchers(query, expr.selector);
      return;
    case 'selector':
      checkMatchers(query, expr);
      if (expr.extension === 'anchored')
        throw badData(
          query,
          expr.position,
          'parse error: anchored modifier can only be used with range vectors',
        );
      return;
    default:
  }
}

function checkMatchers(query: string, { matchers, position }: VectorSelector): void {
  if (matchers.every(matchesEmpty))
    throw badData(
      query,
      position,
      'parse error: vector selector must contain at least one non-empty matcher',
    );
}

type Expect = (part: Expr, type: ValueType, place: string) => void;

function rangeHint(wanted: ValueType, found: ValueType): string {
  return wanted === 'matrix' && found === 'vector' ? '; add a range such as [5m]' : '';
}

function checkCall(query: string, expr: Call, expect: Expect): void {
  const shape = functionSignature(expr.name);
  if (!shape) {
    const why = UNSUPPORTED_FUNCTIONS.get(expr.name);
    throw badData(
      query,
      expr.position,
      `parse error: unknown function with name "${expr.name}"${why === undefined ? '' : `; ${why}`}`,
    );
  }
  const { min, max } = argumentCount(shape);
  if (expr.args.length < min || expr.args.length > max) {
    const bound = min === max ? '' : expr.args.length < min ? 'at least ' : 'at most ';
    throw badData(
      query,
      expr.position,
      `parse error: expected ${bound}${expr.args.length < min ? min : max} argument(s) in call to "${expr.name}", got ${expr.args.length}`,
    );
  }
  expr.args.forEach((argument, index) => {
    if (expr.name === 'info' && index === 1) {
      checkLabelSelector(query, argument);
      return;
    }
    check(query, argument);
    checkExtension(query, expr, argument);
    const type = shape.args[Math.min(index, shape.args.length - 1)];
    if (type) expect(argument, type, `call to function "${expr.name}"`);
  });
}

/** What info() takes second: matchers in braces, which may all be satisfied by nothing. */
function checkLabelSelector(query: string, expr: Expr): void {
  const inner = withoutParens(expr);
  if (inner.kind !== 'selector' || inner.name !== undefined || inner.extension || inner.shift.offset)
    throw badData(
      query,
      expr.position,
      'parse error: expected label selectors only, got vector selector instead; write info(metric, {label="value"})',
    );
}

const EXTENDABLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['anchored', ['changes', 'delta', 'increase', 'rate', 'resets']],
  ['smoothed', ['delta', 'increase', 'rate']],
]);

function checkExtension(query: string, call: Call, argument: Expr): void {
  const range = withoutParens(argument);
  if (range.kind !== 'matrix' || !range.selector.extension) return;
  const allowed = EXTENDABLE.get(range.selector.extension) ?? [];
  if (!allowed.includes(call.name))
    throw badData(
      query,
      call.position,
      `parse error: ${range.selector.extension} modifier can only be used with: ${allowed.join(', ')} - not with ${call.name}`,
    );
}

function checkAggregation(query: string, expr: Aggregation, expect: Expect): void {
  check(query, expr.expr);
  expect(expr.expr, 'vector', 'aggregation expression');
  if (!expr.param) return;
  check(query, expr.param);
  expect(expr.param, expr.op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
}

function checkBinary(query: string, expr: Binary): void {
  check(query, expr.left);
  check(query, expr.right);
  const fail = (message: string): never => {
    throw badData(query, expr.position, `parse error: ${message}`);
  };
  for (const side of [expr.left, expr.right]) {
    const type = valueType(side);
    if (type !== 'scalar' && type !== 'vector')
      throw badData(
        query,
        side.position,
        `parse error: binary expression must contain only scalar and instant vector types, got ${NAMES[type]}`,
      );
  }
  const scalars = [expr.left, expr.right].filter((side) => valueType(side) === 'scalar').length;
  const comparison = COMPARISONS.has(expr.op);
  if (expr.bool && !comparison) fail('bool modifier can only be used on comparison operators');
  if (comparison && !expr.bool && scalars === 2) fail('comparisons between scalars must use BOOL modifier');
  if (SET_OPERATIONS.has(expr.op) && scalars > 0)
    fail(`set operator "${expr.op}" not allowed in binary scalar expression`);
  if (scalars === 2 && TRIMS.has(expr.op)) fail(`operator "${expr.op}" not allowed in Scalar operations`);
  const { on, labels, include, fillLeft, fillRight } = expr.matching;
  if (scalars > 0 && (fillLeft !== undefined || fillRight !== undefined))
    fail('filling in missing series only allowed between instant vectors');
  if (scalars > 0 && labels.length > 0) fail('vector matching only allowed between instant vectors');
  const both = on ? include.find((label) => labels.includes(label)) : undefined;
  if (both !== undefined) fail(`label "${both}" must not occur in ON and GROUP clause at once`);
}
