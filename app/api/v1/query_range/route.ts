import { route } from '#app/handle-route.ts';
import { queryRange } from '#lib/query/prometheus-api/query.ts';

const answer = route({ name: 'query_range', protocol: 'prometheus' }, async ({ form, runtime }) =>
  queryRange(runtime.store.metrics, await form()),
);

export const GET = answer;
export const POST = answer;
