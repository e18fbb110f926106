import { ProtoWriter } from '../protobuf/writer.ts';
import type { OtlpEncoding } from './traces.ts';

/** A small OTLP sender for tests: one description of a request, written in both encodings. */
export type TestValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: TestValue[] } }
  | { kvlistValue: { values: TestKeyValue[] } }
  | { bytesValue: string };

export interface TestKeyValue {
  key: string;
  value: TestValue;
}

export interface TestSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind?: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: TestKeyValue[];
  droppedAttributesCount?: number;
  events?: { timeUnixNano: string; name: string; attributes?: TestKeyValue[] }[];
  links?: { traceId: string; spanId: string; attributes?: TestKeyValue[] }[];
  status?: { code?: number; message?: string };
}

export interface TestRequest {
  resourceSpans: {
    resource?: { attributes: TestKeyValue[] };
    scopeSpans: { scope?: { name: string; version: string }; spans: TestSpan[] }[];
  }[];
}

export function encodeJson(request: TestRequest): Buffer {
  // Doubles that JSON cannot write are text in proto3 JSON.
  const special = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return Buffer.from(JSON.stringify(request, special));
}

export function encodeProtobuf(request: TestRequest): Buffer {
  const out = new ProtoWriter();
  for (const { resource, scopeSpans } of request.resourceSpans) {
    const writer = new ProtoWriter();
    for (const { scope, spans } of scopeSpans) {
      const inner = new ProtoWriter();
      for (const one of spans) inner.message(2, span(one));
      // The scope last: fields may come in any order.
      if (scope) inner.message(1, new ProtoWriter().string(1, scope.name).string(2, scope.version));
      writer.message(2, inner);
    }
    if (resource) writer.message(1, keyValues(new ProtoWriter(), 1, resource.attributes));
    out.message(1, writer);
  }
  return out.finish();
}

function span(one: TestSpan): ProtoWriter {
  const writer = new ProtoWriter()
    .bytes(1, Buffer.from(one.traceId, 'hex'))
    .bytes(2, Buffer.from(one.spanId, 'hex'))
    .string(3, one.traceState ?? '')
    .bytes(4, Buffer.from(one.parentSpanId ?? '', 'hex'))
    .string(5, one.name)
    .int(6, one.kind ?? 0)
    .fixed64(7, BigInt(one.startTimeUnixNano))
    .fixed64(8, BigInt(one.endTimeUnixNano));
  keyValues(writer, 9, one.attributes);
  writer.int(10, one.droppedAttributesCount ?? 0);
  for (const event of one.events ?? []) {
    const inner = new ProtoWriter().fixed64(1, BigInt(event.timeUnixNano)).string(2, event.name);
    writer.message(11, keyValues(inner, 3, event.attributes));
  }
  for (const link of one.links ?? []) {
    const inner = new ProtoWriter()
      .bytes(1, Buffer.from(link.traceId, 'hex'))
      .bytes(2, Buffer.from(link.spanId, 'hex'));
    writer.message(13, keyValues(inner, 4, link.attributes));
  }
  const status = new ProtoWriter().string(2, one.status?.message ?? '').int(3, one.status?.code ?? 0);
  return writer.message(15, status);
}

function keyValues(writer: ProtoWriter, field: number, pairs: readonly TestKeyValue[] = []): ProtoWriter {
  for (const { key, value } of pairs)
    writer.message(field, new ProtoWriter().string(1, key).message(2, anyValue(value)));
  return writer;
}

function anyValue(value: TestValue): ProtoWriter {
  const writer = new ProtoWriter();
  if ('stringValue' in value) return writer.string(1, value.stringValue);
  if ('boolValue' in value) return writer.int(2, value.boolValue ? 1 : 0);
  if ('intValue' in value) return writer.int(3, BigInt(value.intValue));
  if ('doubleValue' in value) return writer.double(4, value.doubleValue);
  if ('bytesValue' in value) return writer.bytes(7, Buffer.from(value.bytesValue, 'base64'));
  if ('kvlistValue' in value)
    return writer.message(6, keyValues(new ProtoWriter(), 1, value.kvlistValue.values));
  const list = new ProtoWriter();
  for (const item of value.arrayValue.values) list.message(1, anyValue(item));
  return writer.message(5, list);
}

export const TRACE = '5b8efff798038103d269b633813fc60c';
export const SPAN = 'eee19b7ec3c1b174';

export const spanOf = (extra: Partial<TestSpan> = {}): TestSpan => ({
  traceId: TRACE,
  spanId: SPAN,
  name: 'GET /cart',
  startTimeUnixNano: '1544712660000000000',
  endTimeUnixNano: '1544712661000000500',
  ...extra,
});

export const requestOf = (...spans: TestSpan[]): TestRequest => ({
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'cart' } },
          { key: 'host.name', value: { stringValue: 'node-1' } },
        ],
      },
      scopeSpans: [{ scope: { name: 'http', version: '1.0' }, spans }],
    },
  ],
});

export const encodings: [OtlpEncoding, (request: TestRequest) => Buffer][] = [
  ['protobuf', encodeProtobuf],
  ['json', encodeJson],
];
