import { route } from '#app/handle-route.ts';
import { formatQuery } from '#lib/query/prometheus-api/query.ts';

const answer = route({ name: 'format_query', protocol: 'prometheus' }, async ({ form }) =>
  formatQuery(await form()),
);

export const GET = answer;
export const POST = answer;
