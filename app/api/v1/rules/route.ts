import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Grafana asks before it shows a data source's rules; there are none here yet. */
export const GET = route({ name: 'rules', protocol: 'prometheus' }, async () => success({ groups: [] }));
