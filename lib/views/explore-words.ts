import type { Matcher } from '#lib/model/metrics.ts';
import type { Expr, Matching, TimeShift, VectorSelector } from '#lib/query/promql/ast.ts';
import { print } from '#lib/query/promql/print.ts';

/** A node without what is below it. */
export function headOf(expr: Expr): string {
  switch (expr.kind) {
    case 'call':
      return `${expr.name}(${expr.args.map(argumentText).join(', ')})`;
    case 'aggregation':
      return `${expr.op}${groupingOf(expr)}${expr.param ? ` (${argumentText(expr.param)}, …)` : ''}`;
    case 'binary':
      return `${expr.op}${expr.bool ? ' bool' : ''}${matchingText(expr.matching, expr.explicitMatching)}`;
    case 'unary':
      return expr.op;
    case 'subquery':
      return `[${expr.range.text}:${expr.step?.text ?? ''}]`;
    default:
      return print(expr);
  }
}

function argumentText(expr: Expr): string {
  return expr.kind === 'number' || expr.kind === 'string' ? print(expr) : '…';
}

function groupingOf({ grouping, without }: Extract<Expr, { kind: 'aggregation' }>): string {
  if (grouping.length === 0 && !without) return '';
  return ` ${without ? 'without' : 'by'} (${grouping.join(', ')})`;
}

function matchingText({ on, labels, cardinality, include }: Matching, explicit: boolean): string {
  const group =
    cardinality === 'many-to-one' ? 'group_left' : cardinality === 'one-to-many' ? 'group_right' : undefined;
  return [
    explicit ? ` ${on ? 'on' : 'ignoring'} (${labels.join(', ')})` : '',
    group ? ` ${group}${include.length ? ` (${include.join(', ')})` : ''}` : '',
  ].join('');
}

/** What a node does, in words; empty where its text says it. */
export function wordsOf(expr: Expr): string {
  switch (expr.kind) {
    case 'selector':
      return selectorWords(expr);
    case 'matrix':
      return `${selectorWords(expr.selector)}: the samples of the last ${expr.range.text}`;
    case 'subquery':
      return `evaluates what is below over the last ${expr.range.text}`;
    case 'aggregation':
      return aggregationWords(expr);
    case 'binary':
      return expr.matching.cardinality === 'one-to-one'
        ? 'pairs the series of both sides by their labels'
        : 'pairs series of both sides, several of one with one of the other';
    case 'call':
      return FUNCTIONS.get(expr.name) ?? '';
    default:
      return '';
  }
}

const FUNCTIONS = new Map([
  ['rate', 'increase per second, averaged over the range; resets are taken out'],
  ['irate', 'increase per second between the last two samples'],
  ['increase', 'increase over the range; resets are taken out'],
  ['delta', 'difference between the ends of the range'],
  ['deriv', 'slope per second, fitted through the range'],
  ['histogram_quantile', 'the value below which this share of the observations lies'],
  ['histogram_fraction', 'the share of observations between two values'],
  ['avg_over_time', 'mean of the samples in the range'],
  ['min_over_time', 'lowest of the samples in the range'],
  ['max_over_time', 'highest of the samples in the range'],
  ['sum_over_time', 'sum of the samples in the range'],
  ['count_over_time', 'number of samples in the range'],
  ['quantile_over_time', 'quantile of the samples in the range'],
  ['last_over_time', 'newest sample in the range'],
  ['absent', '1 when there is nothing below'],
  ['absent_over_time', '1 when there is nothing in the range'],
  ['changes', 'how often the value changed'],
  ['resets', 'how often the counter began anew'],
  ['label_replace', 'writes a label from another'],
  ['label_join', 'writes a label from several'],
  ['predict_linear', 'where the line through the range leads'],
  ['clamp', 'keeps values within two bounds'],
  ['clamp_min', 'lifts lower values to a bound'],
  ['clamp_max', 'lowers higher values to a bound'],
]);

function aggregationWords(expr: Extract<Expr, { kind: 'aggregation' }>): string {
  const { grouping, without } = expr;
  if (grouping.length === 0) return without ? 'one result per label set' : 'one result over all series';
  return without
    ? `one result per label set without ${grouping.join(', ')}`
    : `one result per ${grouping.join(', ')}`;
}

const OPERATORS: Record<Matcher['op'], string> = {
  '=': 'is',
  '!=': 'is not',
  '=~': 'matches',
  '!~': 'does not match',
};

function selectorWords({ matchers, shift }: VectorSelector): string {
  const conditions = matchers
    .filter(({ name, op }) => !(name === '__name__' && op === '='))
    .map(({ name, op, value }) => `${name} ${OPERATORS[op]} ${value === '' ? 'empty' : value}`);
  const where = conditions.length ? `series whose ${conditions.join(' and ')}` : 'all of its series';
  return `${where}${shiftWords(shift)}`;
}

function shiftWords({ offset, at }: TimeShift): string {
  const moved = offset === undefined ? '' : offset.ms < 0 ? ', later in time' : `, ${offset.text} earlier`;
  const fixed =
    at === undefined
      ? ''
      : `, at ${typeof at === 'number' ? new Date(at).toISOString() : `the ${at} of the range`}`;
  return moved + fixed;
}
