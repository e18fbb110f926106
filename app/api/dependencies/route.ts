import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';
import { serviceGraph } from '#lib/query/graph.ts';
import { envelope } from '#lib/query/jaeger/encode.ts';

/** Newest traces that are looked at; counts are those of this sample. */
const SAMPLE = 1000;
const DAY_MS = 86_400_000;

function ms(ask: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(ask.get(name) ?? otherwise);
  if (!Number.isFinite(value) || value < 0)
    throw new Fault(400, 'bad-number', `'${name}' is not a number of milliseconds`);
  return value;
}

/** Jaeger's dependency graph: `endTs` and `lookback` in ms. */
export const GET = route({ name: 'jaeger_dependencies' }, async ({ url, runtime }) => {
  const to = ms(url.searchParams, 'endTs', Date.now());
  const range = { from: Math.max(0, to - ms(url.searchParams, 'lookback', DAY_MS)), to };
  const traces = await runtime.store.traces.search({ range, order: 'recent', limit: SAMPLE });
  const calls = serviceGraph(traces).edges.filter((edge) => edge.kind === 'service');
  return json(envelope(calls.map((edge) => ({ parent: edge.from, child: edge.to, callCount: edge.calls }))));
});
