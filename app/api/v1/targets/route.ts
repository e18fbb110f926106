import { route } from '#app/handle-route.ts';
import { targets } from '#lib/query/prometheus-api/targets.ts';

export const GET = route({ name: 'targets', protocol: 'prometheus' }, async ({ form, runtime }) =>
  targets(await form(), runtime.targets?.()),
);
