import { route } from '#app/handle-route.ts';
import { series } from '#lib/query/prometheus-api/series.ts';

const answer = route({ name: 'series', protocol: 'prometheus' }, async ({ form, runtime }) =>
  series(runtime.store.metrics, await form(), Date.now()),
);

export const GET = answer;
export const POST = answer;
