import { route } from '#app/handle-route.ts';
import { metadata } from '#lib/query/prometheus-api/series.ts';

export const GET = route({ name: 'metadata', protocol: 'prometheus' }, async ({ form, runtime }) =>
  metadata(runtime.store.metrics, await form()),
);
