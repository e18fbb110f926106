import { route } from '#app/handle-route.ts';
import { queryRange } from '#lib/query/prometheus-api/query.ts';

const answer = route({ name: 'query_range', protocol: 'prometheus' }, async ({ request, form, runtime }) =>
  queryRange(runtime.queries, await form(), request),
);

export const GET = answer;
export const POST = answer;
