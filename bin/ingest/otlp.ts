import type { Runtime } from '#app/runtime.ts';
import type {
  createDirect,
  DirectAnswer,
  DirectHandler,
  DirectRequest,
  DirectSpec,
} from '#lib/http/direct.ts';
import { mediaTypeOf } from '#lib/http/encoding.ts';
import {
  otlpContentType,
  otlpError,
  otlpMetricsResponse,
  otlpTraceResponse,
} from '#lib/ingest/otlp/answers.ts';
import { OtlpMetricsDecoder } from '#lib/ingest/otlp/metrics.ts';
import type { OtlpEncoding } from '#lib/ingest/otlp/traces.ts';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';
import { partsOf } from '#lib/ingest/parts.ts';
import { Fault } from '#lib/model/fault.ts';
import type { Rejection } from '#lib/store/store.ts';
import { isOfSamples } from './answer.ts';
import { appendAll } from './parts.ts';
import { turn } from './turn.ts';

/** After decompression, as the OpenTelemetry collector's default. */
const MAX_BYTES = 20 * 1024 * 1024;

/** OTLP/HTTP traces. */
export function tracesHandler(direct: ReturnType<typeof createDirect<Runtime>>): DirectHandler {
  return direct(specOf('otlp_traces', 'spans'), async (request) => {
    const { encoding, body } = await readOtlp(request);
    await turn();
    const { spans, rejected } = decodeTraces(body, encoding);
    const result = await request.runtime.store.appendSpans(spans);
    const refused = [...rejected, ...result.rejected];
    request.runtime.self.ingested('spans', result.accepted, refused);
    return otlpAnswer(encoding, refused, otlpTraceResponse);
  });
}

/** OTLP/HTTP metrics, named as OpenTelemetry's Prometheus exporters name them. */
export function metricsHandler(direct: ReturnType<typeof createDirect<Runtime>>): DirectHandler {
  const decoder = new OtlpMetricsDecoder();
  return direct(specOf('otlp_metrics', 'metrics'), async (request) => {
    const { encoding, body } = await readOtlp(request);
    await turn();
    const { batch, rejected } = decoder.decode(body, encoding);
    const { refused, accepted } = await appendAll(request.runtime.store, partsOf(batch), rejected);
    request.runtime.self.ingested('metrics', accepted, refused);
    return otlpAnswer(encoding, refused, otlpMetricsResponse);
  });
}

function specOf(name: string, signal: string): DirectSpec {
  return {
    name,
    signal,
    /** google.rpc.Status in the request's encoding */
    renderFault: ({ status, message, headers }, incoming) => {
      const isJson = mediaTypeOf(incoming.headers['content-type']) === 'application/json';
      const encoding: OtlpEncoding = isJson ? 'json' : 'protobuf';
      return {
        status,
        headers: { 'content-type': otlpContentType(encoding), ...headers },
        body: otlpError(status, message, encoding),
      };
    },
  };
}

async function readOtlp(
  request: DirectRequest<Runtime>,
): Promise<{ encoding: OtlpEncoding; body: Uint8Array }> {
  const { mediaType } = request;
  if (mediaType !== 'application/json' && mediaType !== 'application/x-protobuf') {
    throw new Fault(
      415,
      'unsupported-type',
      `Content-Type '${mediaType.slice(0, 100)}' is not taken here; send application/x-protobuf or application/json`,
    );
  }
  const body = await request.body({ maxBytes: MAX_BYTES, encodings: ['gzip', 'zstd', 'deflate'] });
  return { encoding: mediaType === 'application/json' ? 'json' : 'protobuf', body };
}

/** A 200 with `partial_success` when something was rejected; exemplars are no data points, what became of them is a warning. */
function otlpAnswer(
  encoding: OtlpEncoding,
  rejected: readonly Rejection[],
  render: (count: number, message: string, encoding: OtlpEncoding) => Uint8Array,
): DirectAnswer {
  const count = rejected.reduce((sum, r) => sum + (isOfSamples(r) ? r.count : 0), 0);
  return {
    status: 200,
    headers: { 'content-type': otlpContentType(encoding) },
    body: render(count, rejected.map((r) => r.message).join('; '), encoding),
  };
}
