import { route } from '#app/handle-route.ts';
import { otlpAnswer, readOtlp, renderOtlpFault } from '#app/v1/otlp-route.ts';
import { otlpMetricsResponse } from '#lib/ingest/otlp/answers.ts';
import { OtlpMetricsDecoder } from '#lib/ingest/otlp/metrics.ts';

const decoder = new OtlpMetricsDecoder();

/** OTLP/HTTP metrics, named as OpenTelemetry's Prometheus exporters name them. */
export const POST = route(
  { name: 'otlp_metrics', signal: 'metrics', renderFault: renderOtlpFault },
  async ({ request, runtime }) => {
    const { encoding, body } = await readOtlp(request);
    const { batch, rejected } = decoder.decode(body, encoding);
    const result = await runtime.store.appendMetrics(batch);
    const refused = [...rejected, ...result.rejected];
    runtime.self.ingested('metrics', result.accepted, refused);
    return otlpAnswer(encoding, refused, otlpMetricsResponse);
  },
);
