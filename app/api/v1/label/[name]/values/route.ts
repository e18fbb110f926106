import { route } from '#app/handle-route.ts';
import { labelValues } from '#lib/query/prometheus-api/series.ts';

export const GET = route(
  { name: 'label_values', protocol: 'prometheus' },
  async ({ form, params, runtime }) =>
    labelValues(runtime.store.metrics, params.name ?? '', await form(), Date.now()),
);
