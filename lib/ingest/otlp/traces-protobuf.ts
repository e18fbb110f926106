import type { Attribute, Resource, Scope, Span, SpanEvent, SpanLink } from '#lib/model/span.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import type { Rejections } from '../rejection.ts';
import { readKeyValue } from './attributes-protobuf.ts';
import type { SpanParts } from './span.ts';
import { finishSpan, resourceOf } from './span.ts';

/** ExportTraceServiceRequest.resource_spans */
const RESOURCE_SPANS = 0x0a;
/** ResourceSpans.resource, .scope_spans; ScopeSpans.scope, .spans */
const HEAD = 0x0a;
const BODY = 0x12;
/** Resource.attributes */
const RESOURCE_ATTRIBUTES = 0x0a;
/** InstrumentationScope.name, .version */
const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;

const NO_SCOPE: Scope = { name: '', version: '' };

/** opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest */
export function readTraces(body: Uint8Array, rejections: Rejections): Span[] {
  const reader = new ProtoReader(body);
  const spans: Span[] = [];
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === RESOURCE_SPANS) readResourceSpans(reader, spans, rejections);
    else reader.skip(tag);
  }
  return spans;
}

function readResourceSpans(reader: ProtoReader, spans: Span[], rejections: Rejections): void {
  const outer = reader.enter();
  const resource = findHead(reader, readResource) ?? resourceOf([]);
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === BODY) readScopeSpans(reader, resource, spans, rejections);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readScopeSpans(
  reader: ProtoReader,
  resource: Resource,
  spans: Span[],
  rejections: Rejections,
): void {
  const outer = reader.enter();
  const scope = findHead(reader, readScope) ?? NO_SCOPE;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === BODY) {
      const span = finishSpan(readSpan(reader), resource, scope, rejections);
      if (span !== undefined) spans.push(span);
    } else reader.skip(tag);
  }
  reader.leave(outer);
}

/** Reads field 1 of the message, wherever it stands, and goes back to the message's start. */
function findHead<T>(reader: ProtoReader, read: (reader: ProtoReader) => T): T | undefined {
  const start = reader.pos;
  let found: T | undefined;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === HEAD) found = read(reader);
    else reader.skip(tag);
  }
  reader.pos = start;
  return found;
}

function readResource(reader: ProtoReader): Resource {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === RESOURCE_ATTRIBUTES) attributes.push(readKeyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return resourceOf(attributes);
}

function readScope(reader: ProtoReader): Scope {
  const outer = reader.enter();
  let name = '';
  let version = '';
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === SCOPE_NAME) name = reader.string();
    else if (tag === SCOPE_VERSION) version = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { name, version };
}

/** opentelemetry.proto.trace.v1.Span, field by field */
function readSpan(reader: ProtoReader): SpanParts {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  const parts: SpanParts = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    traceState: '',
    startUs: 0,
    startNanos: 0,
    endUs: 0,
    endNanos: 0,
    attributes,
    events: [],
    links: [],
    status: 0,
    statusMessage: '',
    dropped: 0,
  };
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        parts.traceId = reader.hex();
        break;
      case 0x12:
        parts.spanId = reader.hex();
        break;
      case 0x1a:
        parts.traceState = reader.string();
        break;
      case 0x22:
        parts.parentSpanId = reader.hex();
        break;
      case 0x2a:
        parts.name = reader.string();
        break;
      case 0x30:
        parts.kind = reader.uint32();
        break;
      case 0x39:
        parts.startUs = reader.fixed64Micros();
        parts.startNanos = reader.nanos;
        break;
      case 0x41:
        parts.endUs = reader.fixed64Micros();
        parts.endNanos = reader.nanos;
        break;
      case 0x4a:
        attributes.push(readKeyValue(reader));
        break;
      case 0x5a:
        parts.events.push(readEvent(reader));
        break;
      case 0x6a:
        parts.links.push(readLink(reader));
        break;
      // dropped_attributes_count, dropped_events_count, dropped_links_count
      case 0x50:
      case 0x60:
      case 0x70:
        parts.dropped += reader.uint32();
        break;
      case 0x7a:
        readStatus(reader, parts);
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  return parts;
}

function readEvent(reader: ProtoReader): SpanEvent {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  let atUs = 0;
  let name = '';
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x09) atUs = reader.fixed64Micros() + reader.nanos / 1000;
    else if (tag === 0x12) name = reader.string();
    else if (tag === 0x1a) attributes.push(readKeyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { atUs, name, attributes };
}

function readLink(reader: ProtoReader): SpanLink {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  let traceId = '';
  let spanId = '';
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x0a) traceId = reader.hex();
    else if (tag === 0x12) spanId = reader.hex();
    else if (tag === 0x22) attributes.push(readKeyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { traceId, spanId, attributes };
}

function readStatus(reader: ProtoReader, parts: SpanParts): void {
  const outer = reader.enter();
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x12) parts.statusMessage = reader.string();
    else if (tag === 0x18) parts.status = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
}
