import { route } from '#app/handle-route.ts';
import { status } from '#lib/query/prometheus-api/status.ts';

export const GET = route({ name: 'status', protocol: 'prometheus' }, async ({ params, runtime }) =>
  status(params.kind ?? '', {
    version: runtime.version,
    startedAt: runtime.startedAt,
    retentionMs: runtime.settings.retentionMs,
    stats: () => runtime.store.stats(),
  }),
);
