import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { encodeTrace, envelope } from '#lib/query/jaeger/encode.ts';
import { searchTraces } from '#lib/query/jaeger/search.ts';

export const GET = route({ name: 'traces' }, async ({ form, runtime }) => {
  const traces = await searchTraces(runtime.store, await form(), Date.now());
  return json(envelope(traces.map(encodeTrace)));
});
