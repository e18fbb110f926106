import { route } from '#app/handle-route.ts';
import { scrapePools } from '#lib/query/prometheus-api/targets.ts';

export const GET = route({ name: 'scrape_pools', protocol: 'prometheus' }, async ({ runtime }) =>
  scrapePools(runtime.targets?.()),
);
