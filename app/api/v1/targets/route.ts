import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Metrics are sent here; nothing is scraped yet. */
export const GET = route({ name: 'targets', protocol: 'prometheus' }, async () =>
  success({ activeTargets: [], droppedTargets: [], droppedTargetCounts: {} }),
);
