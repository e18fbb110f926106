import { route } from '#app/handle-route.ts';
import { status } from '#lib/query/prometheus-api/status.ts';

export const GET = route({ name: 'status', protocol: 'prometheus' }, async ({ form, params, runtime }) =>
  status(
    params.kind ?? '',
    {
      version: runtime.version,
      startedAt: runtime.startedAt,
      retentionMs: runtime.settings.retentionMs,
      queryTimeoutMs: runtime.settings.queryTimeoutMs,
      queryMaxSamples: runtime.settings.queryMaxSamples,
      configYaml: runtime.configYaml?.() ?? '',
      config: runtime.configStatus?.(),
      store: runtime.store,
    },
    await form(),
  ),
);
