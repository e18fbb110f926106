import { instantQuery, type MatrixResult, type QueryResult, rangeQuery } from '#lib/query/promql/engine.ts';
import type { TimeGrid } from '#lib/show/explore-panel.ts';
import type { ViewContext } from './view.ts';

/** A query at one instant (ms), as the server's limits allow. Throws the faults of the query. */
export function askInstant(context: ViewContext, query: string, timeMs: number): Promise<QueryResult> {
  const question = { timeMs, ...(context.signal ? { signal: context.signal } : {}) };
  return context.queries?.instant(query, question) ?? instantQuery(context.store.metrics, query, question);
}

/** A query over a grid. @param options.fresh asks the store alone, so that what it cost is what it costs */
export function askRange(
  context: ViewContext,
  query: string,
  grid: TimeGrid,
  options: { readonly fresh?: boolean } = {},
): Promise<MatrixResult> {
  const question = { ...grid, ...(context.signal ? { signal: context.signal } : {}) };
  return (
    context.queries?.range(query, { ...question, noCache: options.fresh ?? false }) ??
    rangeQuery(context.store.metrics, query, question)
  );
}
