import { route } from '#app/handle-route.ts';
import { admin } from '#lib/query/prometheus-api/admin.ts';

const answer = route({ name: 'admin_tsdb', protocol: 'prometheus' }, async ({ form, params, runtime }) =>
  admin(params.action ?? '', runtime.store, await form()),
);

export const POST = answer;
export const PUT = answer;
