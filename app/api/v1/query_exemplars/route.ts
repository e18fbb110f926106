import { route } from '#app/handle-route.ts';
import { queryExemplars } from '#lib/query/prometheus-api/exemplars.ts';

const answer = route({ name: 'query_exemplars', protocol: 'prometheus' }, async ({ form, runtime }) =>
  queryExemplars(runtime.store.metrics, await form(), Date.now()),
);

export const GET = answer;
export const POST = answer;
