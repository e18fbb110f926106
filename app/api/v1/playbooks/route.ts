import { route } from '#app/handle-route.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';

export const GET = route({ name: 'playbooks' }, async () =>
  Response.json(loadPlaybooks().map((playbook) => ({ ...playbook, ...fillPlaybook(playbook, undefined) }))),
);
