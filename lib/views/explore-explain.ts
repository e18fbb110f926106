import { z } from 'zod';
import { isFault } from '#lib/model/fault.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import type { Expr, Matching, TimeShift, VectorSelector } from '#lib/query/promql/ast.ts';
import { instantQuery, type QueryData } from '#lib/query/promql/engine.ts';
import { parse } from '#lib/query/promql/parse.ts';
import { print } from '#lib/query/promql/print.ts';
import type { ExplainModel, QueryNode } from '#lib/show/explore-help.ts';
import { childrenOf } from './explore-walk.ts';
import { RangeParams, rangeOf, type View, type ViewContext } from './view.ts';

const Params = RangeParams.extend({ q: z.string().max(20_000) });

const MOST_NODES = 30;
/** Counting must cost little beside the query itself. */
const LIMITS = { maxSamples: 2_000_000, timeoutMs: 3000 };

/** The tree of a query, with the number of series that each node yields at the end of the range. */
export const explainView: View<z.infer<typeof Params>, ExplainModel> = {
  name: 'explain',
  params: Params,
  async run(context, { q, ...ends }) {
    const { to } = rangeOf(ends, context.now);
    const nodes: QueryNode[] = [];
    for (const { expr, depth } of flatten(parsed(q), 0).slice(0, MOST_NODES)) {
      nodes.push({
        depth,
        text: headOf(expr),
        words: wordsOf(expr),
        series: await countOf(context, expr, to),
      });
    }
    return { nodes, at: to };
  },
};

/** A faulty query has no tree; what is wrong stands where it was written. */
function parsed(query: string): Expr | undefined {
  try {
    return parse(query);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

interface Place {
  readonly expr: Expr;
  readonly depth: number;
}

/** Parentheses are left out, and a range selector is one node with its selector. */
function flatten(expr: Expr | undefined, depth: number): Place[] {
  if (!expr) return [];
  if (expr.kind === 'paren') return flatten(expr.expr, depth);
  const below = expr.kind === 'matrix' ? [] : childrenOf(expr);
  return [{ expr, depth }, ...below.flatMap((child) => flatten(child, depth + 1))];
}

async function countOf(
  { store, signal }: ViewContext,
  expr: Expr,
  timeMs: number,
): Promise<number | undefined> {
  if (expr.kind === 'number' || expr.kind === 'string') return undefined;
  try {
    const { data } = await instantQuery(store.metrics, print(expr), {
      timeMs,
      limits: LIMITS,
      ...(signal ? { signal } : {}),
    });
    return seriesIn(data);
  } catch (error) {
    if (isFault(error) && error.code !== 'canceled') return undefined;
    throw error;
  }
}

function seriesIn(data: QueryData): number | undefined {
  if (data.type === 'vector') return data.elements.length;
  return data.type === 'matrix' ? data.series.length : undefined;
}

function headOf(expr: Expr): string {
  switch (expr.kind) {
    case 'call':
      return `${expr.name}()`;
    case 'aggregation':
      return `${expr.op}${groupingOf(expr)}`;
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

function wordsOf(expr: Expr): string {
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
    default:
      return '';
  }
}

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
