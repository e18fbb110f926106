import type { z } from 'zod';
import { isFault } from '#lib/model/fault.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Expr } from '#lib/query/promql/ast.ts';
import { instantQuery, type QueryData } from '#lib/query/promql/engine.ts';
import { parse } from '#lib/query/promql/parse.ts';
import { print } from '#lib/query/promql/print.ts';
import type { ExploreTab } from '#lib/show/explore.ts';
import type { ExplainModel, QueryCost, QueryNode } from '#lib/show/explore-help.ts';
import { gridOf } from '#lib/show/explore-panel.ts';
import { askInstant, askRange } from './ask.ts';
import { ExploreParams } from './explore.ts';
import { childrenOf } from './explore-walk.ts';
import { headOf, wordsOf } from './explore-words.ts';
import { rangeOf, type View, type ViewContext } from './view.ts';

const MOST_NODES = 30;
/** Counting must cost little beside the query itself. */
const LIMITS = { maxSamples: 2_000_000, timeoutMs: 3000 };

/** What a query costs, and its tree with the number of series that each node yields at the end of the range. */
export const explainView: View<z.infer<typeof ExploreParams>, ExplainModel> = {
  name: 'explain',
  params: ExploreParams,
  async run(context, { q, tab, ...ends }) {
    const range = rangeOf(ends, context.now);
    const { to } = range;
    const cost = await costOf(context, q, range, tab);
    const nodes: QueryNode[] = [];
    for (const { expr, depth } of flatten(parsed(q), 0).slice(0, MOST_NODES)) {
      nodes.push({
        depth,
        text: headOf(expr),
        words: wordsOf(expr),
        series: await countOf(context, expr, to),
      });
    }
    return { nodes, at: to, cost };
  },
};

async function costOf(
  context: ViewContext,
  query: string,
  range: TimeRange,
  tab: ExploreTab,
): Promise<QueryCost | undefined> {
  const grid = gridOf(range);
  try {
    const { stats } =
      tab === 'table'
        ? await askInstant(context, query, range.to)
        : await askRange(context, query, grid, { fresh: true });
    return {
      ms: stats.timings.totalMs,
      selectMs: stats.timings.selectMs,
      points: tab === 'table' ? 1 : Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1,
      samples: stats.samples.total,
      selectors: stats.selectors,
    };
  } catch (error) {
    if (isFault(error) && error.code !== 'canceled') return undefined;
    throw error;
  }
}

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
  // A literal stands in the text of the node above.
  if (depth > 0 && (expr.kind === 'number' || expr.kind === 'string')) return [];
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
