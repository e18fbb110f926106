import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { envelope } from '#lib/query/jaeger/encode.ts';

export const GET = route({ name: 'jaeger_services' }, async ({ runtime }) => {
  const operations = await runtime.store.traces.operations({ from: 0, to: Date.now() });
  return json(envelope([...operations.keys()].sort()));
});
