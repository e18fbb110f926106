import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Grafana asks before it shows a data source's alerts; there are none here yet. */
export const GET = route({ name: 'alerts', protocol: 'prometheus' }, async () => success({ alerts: [] }));
