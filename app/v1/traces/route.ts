import { route } from '#app/handle-route.ts';
import { otlpAnswer, readOtlp, renderOtlpFault } from '#app/v1/otlp-route.ts';
import { otlpTraceResponse } from '#lib/ingest/otlp/answers.ts';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';

/** OTLP/HTTP traces. */
export const POST = route(
  { name: 'otlp_traces', signal: 'spans', renderFault: renderOtlpFault },
  async ({ request, runtime }) => {
    const { encoding, body } = await readOtlp(request);
    const { spans, rejected } = decodeTraces(body, encoding);
    const result = await runtime.store.appendSpans(spans);
    const refused = [...rejected, ...result.rejected];
    runtime.self.ingested('spans', result.accepted, refused);
    return otlpAnswer(encoding, refused, otlpTraceResponse);
  },
);
