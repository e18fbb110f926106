import { z } from 'zod';
import { isFault } from '#lib/model/fault.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Expr } from '#lib/query/promql/ast.ts';
import { parse } from '#lib/query/promql/parse.ts';
import { EXPLORE_TABS, type ExploreModel } from '#lib/show/explore.ts';
import { gridOf, gridPanel } from '#lib/show/explore-panel.ts';
import type { Unit } from '#lib/show/panel.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { askInstant, askRange } from './ask.ts';
import { exemplarsOf } from './explore-exemplars.ts';
import { problemOf } from './explore-problem.ts';
import { tableRows } from './explore-table.ts';
import { type MetricFacts, unitOfObservation, unitOfQuery } from './explore-unit.ts';
import { metricOf, selectorsOf } from './explore-walk.ts';
import { RangeParams, rangeOf, type View, type ViewContext } from './view.ts';

export const ExploreParams = RangeParams.extend({
  /** PromQL */
  q: z.string().max(20_000),
  tab: z.enum(EXPLORE_TABS).default('graph'),
});

/** What makes a query fail for a reason that its writer can mend or should know. */
const TOLD = new Set(['bad_data', 'execution', 'timeout', 'too-many-samples', 'unavailable']);

/** One query of the Explore page: over the range for a graph, at its end for a table. A faulty query is an answer too. */
export const exploreView: View<z.infer<typeof ExploreParams>, ExploreModel> = {
  name: 'explore',
  params: ExploreParams,
  async run(context, { q, tab, ...ends }) {
    const range = rangeOf(ends, context.now);
    try {
      return tab === 'table' ? await table(context, q, range) : await graph(context, q, range);
    } catch (error) {
      if (!isFault(error) || !TOLD.has(error.code)) throw error;
      return { query: q, range, problem: problemOf(q, error), warnings: [], infos: [], ms: 0 };
    }
  },
};

/** Throws the faults of the query. */
export async function graph(context: ViewContext, query: string, range: TimeRange): Promise<ExploreModel> {
  const { metrics } = context.store;
  const expr = parse(query);
  const grid = gridOf(range);
  const began = performance.now();
  const [{ data, warnings, infos }, facts] = await Promise.all([
    askRange(context, query, grid),
    factsOf(metrics, expr),
  ]);
  const ms = performance.now() - began;
  const drawn = gridPanel(data.series, grid, range, {
    id: 'explore',
    query,
    unit: unitOfQuery(expr, facts),
  });
  const exemplars = await exemplarsOf(metrics, expr, range, unitOfExemplars(expr, facts));
  const result = { kind: 'graph', ...drawn, stepMs: grid.stepMs, exemplars } as const;
  return { query, range, result, warnings, infos, ms };
}

async function table(context: ViewContext, query: string, range: TimeRange): Promise<ExploreModel> {
  const expr = parse(query);
  const began = performance.now();
  const [{ data, warnings, infos }, facts] = await Promise.all([
    askInstant(context, query, range.to),
    factsOf(context.store.metrics, expr),
  ]);
  const ms = performance.now() - began;
  const { rows, total } = tableRows(data);
  const unit = unitOfQuery(expr, facts);
  const result = { kind: 'table', at: range.to, type: data.type, unit, rows, rowsTotal: total } as const;
  return { query, range, result, warnings, infos, ms };
}

async function factsOf(
  metrics: MetricReader,
  expr: Expr,
): Promise<(metric: string) => MetricFacts | undefined> {
  const names = [...new Set(selectorsOf(expr).flatMap((selector) => metricOf(selector) ?? []))];
  // Metadata of a histogram goes by its family's name; that of a counter by the name with or without `_total`.
  const asked = names.map(async (name): Promise<[string, MetricFacts | undefined]> => {
    const family = name.replace(/_(?:bucket|count|sum|total)$/, '');
    const own = await metrics.metadata(name);
    return [name, own[0] ?? (family === name ? undefined : (await metrics.metadata(family))[0])];
  });
  const known = new Map(await Promise.all(asked));
  return (metric) => known.get(metric) ?? known.get(`${metric}_bucket`);
}

function unitOfExemplars(expr: Expr, facts: (metric: string) => MetricFacts | undefined): Unit {
  const metric = selectorsOf(expr).map(metricOf).find(Boolean);
  return metric ? unitOfObservation(metric, facts(metric)) : 'number';
}
