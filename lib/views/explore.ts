import { z } from 'zod';
import { isFault } from '#lib/model/fault.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Expr } from '#lib/query/promql/ast.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { parse } from '#lib/query/promql/parse.ts';
import type { QueryStats } from '#lib/query/promql/stats.ts';
import { EXPLORE_TABS, type ExploreModel, type GraphResult, type TableResult } from '#lib/show/explore.ts';
import { gridOf, gridPanel } from '#lib/show/explore-panel.ts';
import type { Unit } from '#lib/show/panel.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { exemplarsOf } from './explore-exemplars.ts';
import { problemOf } from './explore-problem.ts';
import { tableRows } from './explore-table.ts';
import { type MetricFacts, unitOfObservation, unitOfQuery } from './explore-unit.ts';
import { metricOf, selectorsOf } from './explore-walk.ts';
import { RangeParams, rangeOf, type View, type ViewContext } from './view.ts';

const Params = RangeParams.extend({
  /** PromQL */
  q: z.string().max(20_000),
  tab: z.enum(EXPLORE_TABS).default('graph'),
});

/** What makes a query fail for a reason that its writer can mend or should know. */
const TOLD = new Set(['bad_data', 'execution', 'timeout', 'too-many-samples']);

/** One query of the Explore page: over the range for a graph, at its end for a table. A faulty query is an answer too. */
export const exploreView: View<z.infer<typeof Params>, ExploreModel> = {
  name: 'explore',
  params: Params,
  async run(context, { q, tab, ...ends }) {
    const range = rangeOf(ends, context.now);
    try {
      return tab === 'table' ? await table(context, q, range) : await graph(context, q, range);
    } catch (error) {
      if (!isFault(error) || !TOLD.has(error.code)) throw error;
      return { query: q, range, problem: problemOf(q, error), warnings: [], infos: [] };
    }
  },
};

/** Throws the faults of the query. */
export async function graph(
  { store, signal }: ViewContext,
  query: string,
  range: TimeRange,
): Promise<ExploreModel> {
  const expr = parse(query);
  const grid = gridOf(range);
  const [answer, facts] = await Promise.all([
    rangeQuery(store.metrics, query, { ...grid, ...(signal ? { signal } : {}) }),
    factsOf(store.metrics, expr),
  ]);
  const unit = unitOfQuery(expr, facts);
  const exemplars = await exemplarsOf(store.metrics, expr, range, unitOfExemplars(expr, facts));
  const drawn = gridPanel(answer.data.series, grid, range, { id: 'explore', query, unit });
  const result: GraphResult = { kind: 'graph', ...drawn, stepMs: grid.stepMs, exemplars };
  const points = Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1;
  return modelOf(query, range, result, answer, points);
}

async function table({ store, signal }: ViewContext, query: string, range: TimeRange): Promise<ExploreModel> {
  const expr = parse(query);
  const [answer, facts] = await Promise.all([
    instantQuery(store.metrics, query, { timeMs: range.to, ...(signal ? { signal } : {}) }),
    factsOf(store.metrics, expr),
  ]);
  const { rows, total } = tableRows(answer.data);
  const result: TableResult = {
    kind: 'table',
    at: range.to,
    type: answer.data.type,
    unit: unitOfQuery(expr, facts),
    rows,
    rowsTotal: total,
  };
  return modelOf(query, range, result, answer, 1);
}

function modelOf(
  query: string,
  range: TimeRange,
  result: GraphResult | TableResult,
  answer: {
    readonly warnings: readonly string[];
    readonly infos: readonly string[];
    readonly stats: QueryStats;
  },
  points: number,
): ExploreModel {
  const { timings, samples, selectors } = answer.stats;
  return {
    query,
    range,
    result,
    warnings: answer.warnings,
    infos: answer.infos,
    stats: { ms: timings.totalMs, selectMs: timings.selectMs, points, samples: samples.total, selectors },
  };
}

async function factsOf(
  metrics: MetricReader,
  expr: Expr,
): Promise<(metric: string) => MetricFacts | undefined> {
  const names = [...new Set(selectorsOf(expr).flatMap((selector) => metricOf(selector) ?? []))];
  // Metadata of a histogram goes by its family's name; that of a counter by the name with or without `_total`.
  const asked = names.map(async (name): Promise<[string, MetricFacts | undefined]> => {
    const family = name.replace(/_(?:bucket|count|sum|total)$/, '');
    const found = [
      ...(await metrics.metadata(name)),
      ...(family === name ? [] : await metrics.metadata(family)),
    ];
    return [name, found[0]];
  });
  const known = new Map(await Promise.all(asked));
  return (metric) => known.get(metric) ?? known.get(`${metric}_bucket`);
}

function unitOfExemplars(expr: Expr, facts: (metric: string) => MetricFacts | undefined): Unit {
  const metric = selectorsOf(expr).map(metricOf).find(Boolean);
  return metric ? unitOfObservation(metric, facts(metric)) : 'number';
}
