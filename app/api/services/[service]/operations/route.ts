import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { envelope } from '#lib/query/jaeger/encode.ts';

export const GET = route({ name: 'jaeger_operations' }, async ({ params, runtime }) => {
  const operations = await runtime.store.traces.operations({ from: 0, to: Date.now() });
  const names = (operations.get(params.service ?? '') ?? []).map((entry) => entry.operation);
  return json(envelope([...new Set(names)].sort()));
});
