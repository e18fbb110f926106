import { route } from '#app/handle-route.ts';
import { labels } from '#lib/query/prometheus-api/series.ts';

const answer = route({ name: 'labels', protocol: 'prometheus' }, async ({ form, runtime }) =>
  labels(runtime.store.metrics, await form(), Date.now()),
);

export const GET = answer;
export const POST = answer;
