import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';

export const GET = route({ name: 'playbooks' }, async () =>
  json(loadPlaybooks().map((playbook) => ({ ...playbook, ...fillPlaybook(playbook, undefined) }))),
);
