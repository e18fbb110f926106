import type { Binary, Call, Expr, Matching, TimeShift, ValueType, VectorSelector } from '../promql/ast.ts';
import { valueType } from '../promql/check.ts';
import { formatPlain } from '../promql/format-number.ts';
import { functionSignature } from '../promql/functions.ts';
import { parse } from '../promql/parse.ts';
import { success } from './answer.ts';
import { inParameter } from './params.ts';

/** `/api/v1/parse_query`: the syntax tree, as Prometheus' own tree view reads it. */
export function parseQuery(form: URLSearchParams): Response {
  return success(inParameter('query', () => treeOf(parse(form.get('query') ?? ''))));
}

type Json = { readonly [key: string]: unknown };

function treeOf(expr: Expr): Json {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatPlain(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'paren':
      return { type: 'parenExpr', expr: treeOf(expr.expr) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: treeOf(expr.expr) };
    case 'selector':
      return { type: 'vectorSelector', ...selector(expr) };
    case 'matrix':
      return { type: 'matrixSelector', range: expr.range.ms, ...selector(expr.selector) };
    case 'subquery':
      return {
        type: 'subquery',
        expr: treeOf(expr.expr),
        range: expr.range.ms,
        step: expr.step?.ms ?? 0,
        ...shift(expr.shift),
      };
    case 'call':
      return { type: 'call', func: functionOf(expr), args: expr.args.map(treeOf) };
    case 'aggregation':
      return {
        type: 'aggregation',
        op: expr.op,
        expr: treeOf(expr.expr),
        param: expr.param ? treeOf(expr.param) : null,
        grouping: expr.grouping,
        without: expr.without,
      };
    case 'binary':
      return {
        type: 'binaryExpr',
        op: expr.op,
        lhs: treeOf(expr.left),
        rhs: treeOf(expr.right),
        matching: joinsVectors(expr) ? matching(expr.matching) : null,
        bool: expr.bool,
      };
  }
}

function selector({ name, matchers, shift: shifted, extension }: VectorSelector): Json {
  return {
    name: name ?? '',
    matchers: matchers.map(({ name: label, op, value }) => ({ name: label, value, type: op })),
    ...shift(shifted),
    anchored: extension === 'anchored',
    smoothed: extension === 'smoothed',
  };
}

function shift({ offset, at }: TimeShift): Json {
  return {
    offset: offset?.ms ?? 0,
    timestamp: typeof at === 'number' ? at : null,
    startOrEnd: typeof at === 'string' ? at : null,
  };
}

/** Optional and repeatable arguments, as Prometheus counts them: a negative number means any. */
function functionOf({ name }: Call): Json {
  const shape = functionSignature(name);
  return {
    name,
    argTypes: shape?.args ?? [],
    variadic: shape?.optional ?? 0,
    returnType: shape?.returns ?? ('vector' satisfies ValueType),
  };
}

function joinsVectors({ left, right }: Binary): boolean {
  return valueType(left) === 'vector' && valueType(right) === 'vector';
}

function matching({ cardinality, labels, on, include, fillLeft, fillRight }: Matching): Json {
  const fillValues = { lhs: fillLeft ?? null, rhs: fillRight ?? null };
  return { card: cardinality, labels, on, include, fillValues };
}
