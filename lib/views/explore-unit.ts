import { COMPARISONS, type Expr, SET_OPERATIONS } from '#lib/query/promql/ast.ts';
import type { Unit } from '#lib/show/panel.ts';
import { childrenOf, metricOf } from './explore-walk.ts';

/** What is known of a metric beside its samples. */
export interface MetricFacts {
  readonly unit: string;
  readonly type: string;
}

/** A quantity: what is counted, and whether per second. `plain` is a number that takes on the other side's unit. */
interface Quantity {
  readonly of: 's' | 'ms' | 'bytes' | 'ratio' | 'things' | 'number' | 'plain';
  readonly perSecond: boolean;
}

const NUMBER: Quantity = { of: 'number', perSecond: false };
const THINGS: Quantity = { of: 'things', perSecond: false };
const PLAIN: Quantity = { of: 'plain', perSecond: false };

const SUFFIXES: readonly (readonly [suffix: RegExp, of: Quantity['of']])[] = [
  [/_(?:seconds|s)$/, 's'],
  [/_(?:milliseconds|ms)$/, 'ms'],
  [/_bytes$/, 'bytes'],
  [/_ratio$/, 'ratio'],
];

const COUNTERS = new Set(['counter', 'histogram', 'summary']);

/** What a metric measures, by its metadata first and by Prometheus' naming rules else. */
function quantityOf(metric: string, facts: MetricFacts | undefined): Quantity {
  if (/_(?:count|bucket)$/.test(metric)) return THINGS;
  const base = metric.replace(/_(?:total|sum|created)$/, '');
  const named = facts?.unit ? `_${facts.unit.toLowerCase()}` : base;
  const found =
    SUFFIXES.find(([suffix]) => suffix.test(named)) ?? SUFFIXES.find(([suffix]) => suffix.test(base));
  if (found) return { of: found[1], perSecond: false };
  return metric.endsWith('_total') || COUNTERS.has(facts?.type ?? '') ? THINGS : NUMBER;
}

const PER_SECOND = new Set(['rate', 'irate', 'deriv']);
const COUNTING = new Set([
  'count_over_time',
  'changes',
  'resets',
  'histogram_count',
  'absent',
  'absent_over_time',
]);
const UNKNOWABLE = new Set([
  'exp',
  'ln',
  'log2',
  'log10',
  'sqrt',
  'sgn',
  'stdvar_over_time',
  'histogram_stdvar',
]);
const IN_SECONDS = new Set(['time', 'timestamp', 'start', 'end', 'range', 'step']);
const IN_OBSERVATIONS = new Set([
  'histogram_quantile',
  'histogram_quantiles',
  'histogram_avg',
  'histogram_stddev',
]);

/** The unit that a query's values are in, as far as names and metadata tell. */
export function unitOfQuery(expr: Expr, facts: (metric: string) => MetricFacts | undefined): Unit {
  const { of, perSecond } = quantity(expr, facts);
  switch (of) {
    case 'bytes':
      return perSecond ? 'bytes-per-second' : 'bytes';
    case 'things':
      return perSecond ? 'per-second' : 'count';
    case 's':
    case 'ms':
      // Seconds per second: how many were busy at a time.
      return perSecond ? 'number' : of;
    case 'ratio':
      return perSecond ? 'number' : 'ratio';
    default:
      return 'number';
  }
}

/** The unit of what a metric's histogram observes, or of the metric itself: what an exemplar's value is in. */
export function unitOfObservation(metric: string, facts: MetricFacts | undefined): Unit {
  const { of } = quantityOf(metric.replace(/_(?:bucket|count|sum)$/, ''), facts);
  return of === 's' || of === 'ms' || of === 'bytes' ? of : 'number';
}

function quantity(expr: Expr, facts: (metric: string) => MetricFacts | undefined): Quantity {
  const ask = (inner: Expr | undefined): Quantity => (inner ? quantity(inner, facts) : NUMBER);
  switch (expr.kind) {
    case 'number':
      return PLAIN;
    case 'string':
      return NUMBER;
    case 'selector': {
      const metric = metricOf(expr);
      return metric === undefined ? NUMBER : quantityOf(metric, facts(metric));
    }
    case 'matrix':
      return ask(expr.selector);
    case 'subquery':
    case 'unary':
    case 'paren':
      return ask(expr.expr);
    case 'aggregation':
      if (['count', 'count_values', 'group'].includes(expr.op)) return THINGS;
      return expr.op === 'stdvar' ? NUMBER : ask(expr.expr);
    case 'call':
      return ofCall(expr.name, expr.args, ask, facts);
    case 'binary':
      return ofBinary(expr, ask);
  }
}

function ofCall(
  name: string,
  args: readonly Expr[],
  ask: (expr: Expr | undefined) => Quantity,
  facts: (metric: string) => MetricFacts | undefined,
): Quantity {
  if (COUNTING.has(name)) return THINGS;
  if (UNKNOWABLE.has(name)) return NUMBER;
  if (IN_SECONDS.has(name)) return { of: 's', perSecond: false };
  if (name === 'histogram_fraction') return { of: 'ratio', perSecond: false };
  if (IN_OBSERVATIONS.has(name)) {
    const metric = args.map(firstMetric).find((found) => found !== undefined);
    return metric === undefined ? NUMBER : quantityOf(metric.replace(/_bucket$/, ''), facts(metric));
  }
  if (name === 'histogram_sum') {
    const metric = args.map(firstMetric).find((found) => found !== undefined);
    const inner = ask(args[0]);
    return metric === undefined
      ? inner
      : { ...quantityOf(metric, facts(metric)), perSecond: inner.perSecond };
  }
  // The vector among the arguments is what the result is in: `quantile_over_time(0.9, m[5m])`, `clamp(v, 0, 1)`.
  const subject = args.map(ask).find(({ of }) => of !== 'plain' && of !== 'number') ?? ask(args[0]);
  return PER_SECOND.has(name) ? { ...subject, perSecond: true } : subject;
}

function firstMetric(expr: Expr): string | undefined {
  if (expr.kind === 'selector') return metricOf(expr);
  for (const child of childrenOf(expr)) {
    const found = firstMetric(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofBinary(expr: Extract<Expr, { kind: 'binary' }>, ask: (expr: Expr) => Quantity): Quantity {
  const left = ask(expr.left);
  const right = ask(expr.right);
  if (COMPARISONS.has(expr.op)) return expr.bool ? NUMBER : left.of === 'plain' ? right : left;
  if (SET_OPERATIONS.has(expr.op)) return left;
  const same = left.of === right.of && left.perSecond === right.perSecond;
  switch (expr.op) {
    case '+':
    case '-':
    case '%':
      if (left.of === 'plain') return right;
      return right.of === 'plain' || same ? left : NUMBER;
    case '/':
      // A plain divisor is mostly a change of unit (`/ 1024`), which nothing tells.
      if (right.of === 'plain') return left.of === 'plain' ? PLAIN : NUMBER;
      if (same && left.of !== 'number' && left.of !== 'plain') return { of: 'ratio', perSecond: false };
      return right.of === 'things' && left.perSecond === right.perSecond
        ? { ...left, perSecond: false }
        : NUMBER;
    default:
      return left.of === 'plain' && right.of === 'plain' ? PLAIN : NUMBER;
  }
}
