import { route } from '#app/handle-route.ts';
import { targetsMetadata } from '#lib/query/prometheus-api/targets.ts';

export const GET = route({ name: 'targets_metadata', protocol: 'prometheus' }, async ({ form, runtime }) =>
  targetsMetadata(await form(), runtime.targets?.()),
);
