import { type Runtime, runtime } from '#app/runtime.ts';
import type { DirectHandler } from '#lib/http/direct.ts';
import { createDirectQuestion } from '#lib/http/direct-question.ts';
import { query, queryRange } from '#lib/query/prometheus-api/query.ts';
import { labels, series } from '#lib/query/prometheus-api/series.ts';

/** The questions that dashboards ask by the dozen. */
export function questionHandlers(): ReadonlyMap<string, DirectHandler> {
  const direct = createDirectQuestion<Runtime>(runtime);
  return new Map([
    [
      '/api/v1/query',
      direct({ name: 'query' }, (client) => query(client.runtime.queries, client.form, client, Date.now())),
    ],
    [
      '/api/v1/query_range',
      direct({ name: 'query_range' }, (client) => queryRange(client.runtime.queries, client.form, client)),
    ],
    [
      '/api/v1/series',
      direct({ name: 'series' }, (client) => series(client.runtime.store.metrics, client.form, Date.now())),
    ],
    [
      '/api/v1/labels',
      direct({ name: 'labels' }, (client) => labels(client.runtime.store.metrics, client.form, Date.now())),
    ],
  ]);
}
