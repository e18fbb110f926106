import { route } from '#app/route.ts';
import { mediaType, readBody } from '#lib/http/body.ts';
import { otlpContentType, otlpError, otlpTraceResponse } from '#lib/ingest/otlp/answers.ts';
import { decodeTraces, type OtlpEncoding } from '#lib/ingest/otlp/traces.ts';
import { Fault } from '#lib/model/fault.ts';

/** After decompression, as the OpenTelemetry collector's default. */
const MAX_BYTES = 20 * 1024 * 1024;

function encodingOf(request: Request): OtlpEncoding {
  const type = mediaType(request);
  if (type === 'application/json') return 'json';
  if (type === 'application/x-protobuf') return 'protobuf';
  throw new Fault(
    415,
    'unsupported-type',
    `Content-Type '${type.slice(0, 100)}' is not taken here; send application/x-protobuf or application/json`,
  );
}

function renderFault(fault: Fault, request: Request): Response {
  const encoding: OtlpEncoding = mediaType(request) === 'application/json' ? 'json' : 'protobuf';
  const body = Buffer.from(otlpError(fault.status, fault.message, encoding));
  return new Response(body, {
    status: fault.status,
    headers: { 'content-type': otlpContentType(encoding), ...fault.headers },
  });
}

/** OTLP/HTTP traces. */
export const POST = route(
  { name: 'otlp_traces', signal: 'spans', renderFault },
  async ({ request, runtime }) => {
    const encoding = encodingOf(request);
    const body = await readBody(request, { maxBytes: MAX_BYTES, encodings: ['gzip', 'zstd', 'deflate'] });
    const { spans, rejected } = decodeTraces(body, encoding);
    const result = await runtime.store.appendSpans(spans);
    runtime.self.ingested('spans', result.accepted);
    const refused = [...rejected, ...result.rejected];
    for (const { reason, count } of refused) runtime.self.rejected('spans', reason, count);
    const count = refused.reduce((sum, r) => sum + r.count, 0);
    const answer = otlpTraceResponse(count, refused.map((r) => r.message).join('; '), encoding);
    return new Response(Buffer.from(answer), { headers: { 'content-type': otlpContentType(encoding) } });
  },
);
