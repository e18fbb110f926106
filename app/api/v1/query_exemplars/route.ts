import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Exemplars are counted as not stored when they arrive, so there are none to give. */
const answer = route({ name: 'query_exemplars', protocol: 'prometheus' }, async () => success([]));

export const GET = answer;
export const POST = answer;
