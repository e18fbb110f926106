import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';
import { criticalPath } from '#lib/query/critical-path.ts';
import { traceIdOf } from '#lib/query/jaeger/search.ts';

export const GET = route({ name: 'critical_path' }, async ({ params, runtime }) => {
  const trace = await runtime.store.traces.trace(traceIdOf(params.id ?? ''));
  if (!trace)
    throw new Fault(
      404,
      'trace-not-found',
      `no trace ${params.id}: it never arrived here or its retention has passed`,
    );
  return json(criticalPath(trace));
});
