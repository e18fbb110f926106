import type { Span } from '#lib/model/span.ts';
import type { Rejection } from '../rejection.ts';
import { Rejections } from '../rejection.ts';
import { readTracesJson } from './traces-json.ts';
import { readTraces } from './traces-protobuf.ts';

export type OtlpEncoding = 'protobuf' | 'json';

export interface DecodedTraces {
  readonly spans: Span[];
  /** `count` is in spans. */
  readonly rejected: readonly Rejection[];
}

/**
 * Decodes an OTLP ExportTraceServiceRequest. A bad span is rejected with its name and the rest is kept.
 * @throws Fault 400 when the message itself is broken
 */
export function decodeTraces(body: Uint8Array, encoding: OtlpEncoding): DecodedTraces {
  const rejections = new Rejections();
  const spans = encoding === 'json' ? readTracesJson(body, rejections) : readTraces(body, rejections);
  return { spans, rejected: rejections.list() };
}
