import { METRIC_NAME } from '#lib/model/labels.ts';
import type { Aggregation, Binary, Expr, Matching, TimeShift, VectorSelector } from './ast.ts';
import { formatSample } from './format-number.ts';

const MAX_WIDTH = 100;
const INDENT = '  ';

/** The query in one canonical form: on one line where that is short enough, else broken at calls and operators. */
export function print(expr: Expr): string {
  return pretty(expr, 0);
}

function pretty(expr: Expr, level: number): string {
  const pad = INDENT.repeat(level);
  const flat = inline(expr);
  if (pad.length + flat.length <= MAX_WIDTH) return pad + flat;
  switch (expr.kind) {
    case 'paren':
      return `${pad}(\n${pretty(expr.expr, level + 1)}\n${pad})`;
    case 'unary':
      return `${pad}${expr.op}${pretty(expr.expr, level).trimStart()}`;
    case 'binary':
      return `${pretty(expr.left, level + 1)}\n${pad}${operator(expr)}\n${pretty(expr.right, level + 1)}`;
    case 'call':
      return `${pad}${expr.name}(\n${list(expr.args, level + 1)}\n${pad})`;
    case 'aggregation':
      return `${pad}${head(expr)}(\n${list(parameters(expr), level + 1)}\n${pad})`;
    case 'subquery':
      return `${pretty(expr.expr, level)}[${expr.range.text}:${expr.step?.text ?? ''}]${shiftText(expr.shift)}`;
    default:
      return pad + flat;
  }
}

function list(args: readonly Expr[], level: number): string {
  return args.map((part) => pretty(part, level)).join(',\n');
}

function inline(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.text.trim();
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector':
      return selectorText(expr) + extensionText(expr) + shiftText(expr.shift);
    case 'matrix':
      return `${selectorText(expr.selector)}[${expr.range.text}]${extensionText(expr.selector)}${shiftText(expr.selector.shift)}`;
    case 'subquery':
      return `${inline(expr.expr)}[${expr.range.text}:${expr.step?.text ?? ''}]${shiftText(expr.shift)}`;
    case 'call':
      return `${expr.name}(${expr.args.map(inline).join(', ')})`;
    case 'aggregation':
      return `${head(expr)}(${parameters(expr).map(inline).join(', ')})`;
    case 'binary':
      return `${inline(expr.left)} ${operator(expr)} ${inline(expr.right)}`;
    case 'unary':
      return `${expr.op}${inline(expr.expr)}`;
    case 'paren':
      return `(${inline(expr.expr)})`;
  }
}

function parameters(expr: Aggregation): Expr[] {
  return expr.param ? [expr.param, expr.expr] : [expr.expr];
}

function head(expr: Aggregation): string {
  if (expr.grouping.length === 0 && !expr.without) return expr.op;
  return `${expr.op} ${expr.without ? 'without' : 'by'} (${names(expr.grouping)}) `;
}

function operator(expr: Binary): string {
  const { op, bool, matching } = expr;
  return [op, bool ? 'bool' : '', expr.explicitMatching ? matchingText(matching) : '', fillText(matching)]
    .filter((part) => part !== '')
    .join(' ');
}

function matchingText({ on, labels, cardinality, include }: Matching): string {
  const base = `${on ? 'on' : 'ignoring'} (${names(labels)})`;
  if (cardinality === 'many-to-one') return `${base} group_left (${names(include)})`;
  return cardinality === 'one-to-many' ? `${base} group_right (${names(include)})` : base;
}

function fillText({ fillLeft, fillRight }: Matching): string {
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight)) return `fill (${formatSample(fillLeft)})`;
  const left = fillLeft === undefined ? [] : [`fill_left (${formatSample(fillLeft)})`];
  const right = fillRight === undefined ? [] : [`fill_right (${formatSample(fillRight)})`];
  return [...left, ...right].join(' ');
}

function names(labels: readonly string[]): string {
  return labels.map(nameText).join(', ');
}

function nameText(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

/** A selector alone, without its offset. */
export function selectorText({ name, matchers }: VectorSelector): string {
  const plain = name !== undefined && /^[a-zA-Z_:][\w:]*$/.test(name) ? name : undefined;
  const items = matchers
    .slice(0, name === undefined ? undefined : -1)
    .map(
      ({ name: label, op, value }) =>
        `${label === METRIC_NAME ? label : nameText(label)}${op}${JSON.stringify(value)}`,
    );
  if (name !== undefined && plain === undefined) items.unshift(JSON.stringify(name));
  return (plain ?? '') + (items.length ? `{${items.join(', ')}}` : '');
}

function extensionText({ extension }: VectorSelector): string {
  return extension ? ` ${extension}` : '';
}

function shiftText({ offset, at }: TimeShift): string {
  const moment = at === undefined ? '' : ` @ ${typeof at === 'number' ? at / 1000 : `${at}()`}`;
  return moment + (offset ? ` offset ${offset.text}` : '');
}
