import { route } from '#app/handle-route.ts';
import { alerts } from '#lib/query/prometheus-api/rules.ts';

export const GET = route({ name: 'alerts', protocol: 'prometheus' }, async ({ runtime }) =>
  alerts(runtime.rules?.()),
);
