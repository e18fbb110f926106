import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';

export const GET = route({ name: 'playbook' }, async ({ url, params, runtime }) => {
  const playbook = loadPlaybooks().find((p) => p.id === params.id);
  if (!playbook)
    throw new Fault(
      404,
      'unknown-playbook',
      `there is no playbook '${params.id}'; /api/v1/playbooks lists them`,
    );
  const findingId = url.searchParams.get('finding');
  const finding = findingId === null ? undefined : await runtime.store.findings.get(findingId);
  if (findingId !== null && !finding)
    throw new Fault(
      404,
      'unknown-finding',
      `there is no finding '${findingId}'; leave 'finding' out for the general playbook`,
    );
  return json({ ...playbook, ...fillPlaybook(playbook, finding) });
});
