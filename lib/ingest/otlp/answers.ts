import { ProtoWriter } from '../protobuf/writer.ts';
import type { OtlpEncoding } from './traces.ts';

/** HTTP status → google.rpc.Code */
const RPC_CODES: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [408, 4],
  [413, 3],
  [415, 3],
  [429, 8],
  [501, 12],
  [502, 14],
  [503, 14],
  [504, 4],
]);
const INVALID_ARGUMENT = 3;
const INTERNAL = 13;

/** Content type of a body in that encoding. */
export function otlpContentType(encoding: OtlpEncoding): string {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf';
}

/** Body of a failed answer: google.rpc.Status in the request's encoding. */
export function otlpError(httpStatus: number, message: string, encoding: OtlpEncoding): Uint8Array {
  const code = RPC_CODES.get(httpStatus) ?? (httpStatus < 500 ? INVALID_ARGUMENT : INTERNAL);
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return new ProtoWriter().int(1, code).string(2, message).finish();
}

/**
 * Body of a 200: ExportTraceServiceResponse, with `partial_success` only when there is something to tell.
 * @param message why spans were rejected, or a warning beside `rejectedCount` 0
 */
export function otlpTraceResponse(
  rejectedCount: number,
  message: string,
  encoding: OtlpEncoding,
): Uint8Array {
  return response('rejectedSpans', rejectedCount, message, encoding);
}

/** As `otlpTraceResponse`, for ExportMetricsServiceResponse. */
export function otlpMetricsResponse(
  rejectedCount: number,
  message: string,
  encoding: OtlpEncoding,
): Uint8Array {
  return response('rejectedDataPoints', rejectedCount, message, encoding);
}

/** The messages of all signals differ in one name only, and in protobuf in nothing. */
function response(
  countName: string,
  rejectedCount: number,
  message: string,
  encoding: OtlpEncoding,
): Uint8Array {
  const isFull = rejectedCount === 0 && message === '';
  if (encoding === 'json') {
    const partialSuccess = { [countName]: String(rejectedCount), errorMessage: message };
    return Buffer.from(JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  if (isFull) return new Uint8Array(0);
  const partialSuccess = new ProtoWriter();
  if (rejectedCount > 0) partialSuccess.int(1, rejectedCount);
  return new ProtoWriter().message(1, partialSuccess.string(2, message)).finish();
}
