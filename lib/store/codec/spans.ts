import type { Resource, Scope, Span, SpanEvent, SpanLink } from '#lib/model/span.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#lib/model/span.ts';
import { readAttributes, readId, writeAttributes, writeId } from './attributes.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

const VERSION = 1;
/** Flags beside kind and status in a span's head byte. */
const START_AS_IS = 32;
const DURATION_IN_NS = 64;

export function encodeSpans(spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(64 + spans.length * 160);
  const resources = new Map<Resource, number>();
  const scopes = new Map<Scope, number>();
  out.byte(VERSION);
  out.varint(spans.length);
  let previousTrace = '';
  let previousStart = 0;
  for (const span of spans) {
    // Today's times in µs are multiples of a quarter (the spacing of doubles of that size).
    const quarters = (span.startUs - previousStart) * 4;
    const startAsIs = previousStart + quarters / 4 !== span.startUs;
    const ns = Math.round(span.durationUs * 1000);
    const inNs = ns / 1000 === span.durationUs;
    out.byte(
      SPAN_KINDS.indexOf(span.kind) * 4 +
        SPAN_STATUSES.indexOf(span.status) +
        (startAsIs ? START_AS_IS : 0) +
        (inNs ? DURATION_IN_NS : 0),
    );
    if (startAsIs) out.float64(span.startUs);
    else out.number(quarters);
    previousStart = span.startUs;
    out.number(inNs ? ns : span.durationUs);
    writeId(out, span.traceId === previousTrace ? '' : span.traceId);
    previousTrace = span.traceId;
    writeId(out, span.spanId);
    writeId(out, span.parentSpanId);
    out.text(span.name);
    writeOnce(out, resources, span.resource, writeResource);
    writeOnce(out, scopes, span.scope, writeScope);
    writeAttributes(out, span.attributes);
    out.text(span.statusMessage);
    out.text(span.traceState);
    writeEvents(out, span);
    writeLinks(out, span);
    out.varint(span.warnings.length);
    for (const warning of span.warnings) out.text(warning);
  }
  return out.finish();
}

export function decodeSpans(bytes: Uint8Array): Span[] {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`spans of version ${version}`);
  const resources: Resource[] = [];
  const scopes: Scope[] = [];
  const spans: Span[] = [];
  let traceId = '';
  let startUs = 0;
  for (let n = input.count(); n > 0; n--) {
    const head = input.byte();
    startUs = head & START_AS_IS ? input.float64() : startUs + input.number() / 4;
    const duration = input.number();
    traceId = readId(input) || traceId;
    const spanId = readId(input);
    const parentSpanId = readId(input);
    const name = input.text();
    const resource = readOnce(input, resources, readResource);
    const scope = readOnce(input, scopes, readScope);
    const attributes = readAttributes(input);
    const statusMessage = input.text();
    const traceState = input.text();
    const events = readEvents(input, startUs);
    const links = readLinks(input);
    const warnings: string[] = [];
    for (let w = input.count(); w > 0; w--) warnings.push(input.text());
    spans.push({
      traceId,
      spanId,
      parentSpanId,
      name,
      kind: SPAN_KINDS[(head & 31) >> 2] ?? 'unspecified',
      startUs,
      durationUs: head & DURATION_IN_NS ? duration / 1000 : duration,
      status: SPAN_STATUSES[head & 3] ?? 'unset',
      statusMessage,
      attributes,
      events,
      links,
      traceState,
      resource,
      scope,
      warnings,
    });
  }
  return spans;
}

function writeOnce<T>(
  out: ByteWriter,
  known: Map<T, number>,
  item: T,
  write: (out: ByteWriter, item: T) => void,
): void {
  const index = known.get(item);
  out.varint(index ?? known.size);
  if (index !== undefined) return;
  known.set(item, known.size);
  write(out, item);
}

function readOnce<T>(input: ByteReader, known: T[], read: (input: ByteReader) => T): T {
  const index = input.varint();
  const item = known[index];
  if (item !== undefined) return item;
  if (index !== known.length) throw new RangeError(`item ${index} is not defined at ${input.at}`);
  const fresh = read(input);
  known.push(fresh);
  return fresh;
}

function writeResource(out: ByteWriter, resource: Resource): void {
  out.text(resource.service);
  out.text(resource.instance);
  writeAttributes(out, resource.attributes);
}

const readResource = (input: ByteReader): Resource => ({
  service: input.text(),
  instance: input.text(),
  attributes: readAttributes(input),
});

function writeScope(out: ByteWriter, scope: Scope): void {
  out.text(scope.name);
  out.text(scope.version);
}

const readScope = (input: ByteReader): Scope => ({ name: input.text(), version: input.text() });

function writeEvents(out: ByteWriter, span: Span): void {
  out.varint(span.events.length);
  for (const event of span.events) {
    // A difference only where it gives the time back exactly; otherwise the time, told apart by the byte before it.
    const after = event.atUs - span.startUs;
    const exact = span.startUs + after === event.atUs;
    out.byte(exact ? 0 : 1);
    out.number(exact ? after : event.atUs);
    out.text(event.name);
    writeAttributes(out, event.attributes);
  }
}

function readEvents(input: ByteReader, startUs: number): SpanEvent[] {
  const events: SpanEvent[] = [];
  for (let n = input.count(); n > 0; n--) {
    const isAfter = input.byte() === 0;
    const at = input.number();
    events.push({
      atUs: isAfter ? startUs + at : at,
      name: input.text(),
      attributes: readAttributes(input),
    });
  }
  return events;
}

function writeLinks(out: ByteWriter, span: Span): void {
  out.varint(span.links.length);
  for (const link of span.links) {
    writeId(out, link.traceId);
    writeId(out, link.spanId);
    writeAttributes(out, link.attributes);
  }
}

function readLinks(input: ByteReader): SpanLink[] {
  const links: SpanLink[] = [];
  for (let n = input.count(); n > 0; n--)
    links.push({ traceId: readId(input), spanId: readId(input), attributes: readAttributes(input) });
  return links;
}
