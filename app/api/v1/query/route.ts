import { route } from '#app/handle-route.ts';
import { query } from '#lib/query/prometheus-api/query.ts';

const answer = route({ name: 'query', protocol: 'prometheus' }, async ({ request, form, runtime }) =>
  query(runtime.queries, await form(), request, Date.now()),
);

export const GET = answer;
export const POST = answer;
