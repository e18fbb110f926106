import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Prometheus' own notices to its users; Chokepoint shows its own on its pages. */
export const GET = route({ name: 'notifications', protocol: 'prometheus' }, async () => success([]));
