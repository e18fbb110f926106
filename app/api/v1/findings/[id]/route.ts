import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';

export const GET = route({ name: 'finding' }, async ({ params, runtime }) => {
  const finding = await runtime.store.findings.get(params.id ?? '');
  if (!finding)
    throw new Fault(
      404,
      'finding-not-found',
      `no finding ${params.id}: it never was, or its retention has passed; list those there are with /api/v1/findings`,
    );
  return json(finding);
});
