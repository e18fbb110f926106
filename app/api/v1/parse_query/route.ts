import { route } from '#app/handle-route.ts';
import { parseQuery } from '#lib/query/prometheus-api/syntax-tree.ts';

const answer = route({ name: 'parse_query', protocol: 'prometheus' }, async ({ form }) =>
  parseQuery(await form()),
);

export const GET = answer;
export const POST = answer;
