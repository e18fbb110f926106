import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { encodeTrace, envelope } from '#lib/query/jaeger/encode.ts';
import { traceIdOf } from '#lib/query/jaeger/search.ts';

export const GET = route({ name: 'trace' }, async ({ params, runtime }) => {
  const trace = await runtime.store.traces.trace(traceIdOf(params.id ?? ''));
  if (trace) return json(envelope([encodeTrace(trace)]));
  const errors = [
    {
      code: 404,
      msg: 'trace not found: it never arrived here or its retention has passed',
      traceID: params.id,
    },
  ];
  return json({ ...envelope(null), errors }, 404);
});
