import { mediaType, readBody } from '#lib/http/body.ts';
import { otlpContentType, otlpError } from '#lib/ingest/otlp/answers.ts';
import type { OtlpEncoding } from '#lib/ingest/otlp/traces.ts';
import { Fault } from '#lib/model/fault.ts';
import type { Rejection } from '#lib/store/store.ts';

/** After decompression, as the OpenTelemetry collector's default. */
const MAX_BYTES = 20 * 1024 * 1024;

/** Body and encoding of an OTLP/HTTP request. Throws Fault 413, 415 and what `readBody` throws. */
export async function readOtlp(request: Request): Promise<{ encoding: OtlpEncoding; body: Uint8Array }> {
  const type = mediaType(request);
  if (type !== 'application/json' && type !== 'application/x-protobuf') {
    throw new Fault(
      415,
      'unsupported-type',
      `Content-Type '${type.slice(0, 100)}' is not taken here; send application/x-protobuf or application/json`,
    );
  }
  const body = await readBody(request, { maxBytes: MAX_BYTES, encodings: ['gzip', 'zstd', 'deflate'] });
  return { encoding: type === 'application/json' ? 'json' : 'protobuf', body };
}

/** A fault as google.rpc.Status in the request's encoding. */
export function renderOtlpFault(fault: Fault, request: Request): Response {
  const encoding: OtlpEncoding = mediaType(request) === 'application/json' ? 'json' : 'protobuf';
  const body = Buffer.from(otlpError(fault.status, fault.message, encoding));
  return new Response(body, {
    status: fault.status,
    headers: { 'content-type': otlpContentType(encoding), ...fault.headers },
  });
}

/** A 200 with `partial_success` when something was rejected. */
export function otlpAnswer(
  encoding: OtlpEncoding,
  rejected: readonly Rejection[],
  render: (count: number, message: string, encoding: OtlpEncoding) => Uint8Array,
): Response {
  const count = rejected.reduce((sum, r) => sum + r.count, 0);
  const body = Buffer.from(render(count, rejected.map((r) => r.message).join('; '), encoding));
  return new Response(body, { headers: { 'content-type': otlpContentType(encoding) } });
}
