import { route } from '#app/handle-route.ts';
import { rules } from '#lib/query/prometheus-api/rules.ts';

export const GET = route({ name: 'rules', protocol: 'prometheus' }, async ({ form, runtime }) =>
  rules(await form(), runtime.rules?.()),
);
