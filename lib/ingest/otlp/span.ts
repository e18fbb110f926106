import type { Attributes, Resource, Scope, Span, SpanEvent, SpanLink } from '#lib/model/span.ts';
import { attributeText, SPAN_KINDS, SPAN_STATUSES } from '#lib/model/span.ts';
import type { Rejections } from '../rejection.ts';
import { quote } from '../rejection.ts';

/** 2^53 µs: the year 2255. Beyond it a time is a mistake, and a number no longer exact. */
const MAX_MICROS = Number.MAX_SAFE_INTEGER;

/** A span as it came, before anything in it is believed. Times are whole microseconds and 0…999 nanoseconds. */
export interface SpanParts {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  traceState: string;
  startUs: number;
  startNanos: number;
  endUs: number;
  endNanos: number;
  attributes: Attributes;
  events: SpanEvent[];
  links: SpanLink[];
  status: number;
  statusMessage: string;
  /** attributes, events and links that the sender left out */
  dropped: number;
}

/** The span, mended where it can be with a warning; undefined and a rejection where it cannot. */
export function finishSpan(
  parts: SpanParts,
  resource: Resource,
  scope: Scope,
  rejections: Rejections,
): Span | undefined {
  const { traceId, spanId, startUs, startNanos } = parts;
  const reject = (reason: string, what: string) => {
    rejections.add(reason, `span ${quote(parts.name, 60)} of ${quote(resource.service, 60)}: ${what}`);
    return undefined;
  };
  if (!isId(traceId, 32))
    return reject('invalid-trace-id', `trace id ${quote(traceId, 40)} is not 16 bytes other than zero`);
  if (!isId(spanId, 16))
    return reject('invalid-span-id', `span id ${quote(spanId, 40)} is not 8 bytes other than zero`);
  if (startUs === 0 && startNanos === 0) return reject('no-start-time', 'no start time');
  if (!(startUs >= 0 && startUs <= MAX_MICROS))
    return reject('invalid-start-time', 'a start time outside 1970 to 2255');
  const warnings: string[] = [];
  const at = startUs + startNanos / 1000;
  return {
    traceId,
    spanId,
    parentSpanId: parentOf(parts, warnings),
    name: parts.name,
    kind: SPAN_KINDS[parts.kind] ?? 'unspecified',
    startUs: at,
    durationUs: durationOf(parts, warnings),
    status: SPAN_STATUSES[parts.status] ?? 'unset',
    statusMessage: parts.statusMessage,
    attributes: parts.attributes,
    events: parts.events.length === 0 ? parts.events : timedEvents(parts.events, at, warnings),
    links: parts.links.length === 0 ? parts.links : goodLinks(parts.links, warnings),
    traceState: parts.traceState,
    resource,
    scope,
    warnings: dropWarning(parts.dropped, warnings),
  };
}

const ID = /^[0-9a-f]+$/;
const ZEROS = /^0*$/;

/** @param digits lower-case hexadecimal digits that the id must have */
function isId(text: string, digits: number): boolean {
  return text.length === digits && ID.test(text) && !ZEROS.test(text);
}

function parentOf({ parentSpanId, spanId }: SpanParts, warnings: string[]): string {
  if (parentSpanId === '' || ZEROS.test(parentSpanId)) return '';
  if (!isId(parentSpanId, 16)) {
    warnings.push(`its parent's id ${quote(parentSpanId, 40)} is not valid; it is shown as a root`);
    return '';
  }
  if (parentSpanId === spanId) {
    warnings.push('it names itself as its parent; it is shown as a root');
    return '';
  }
  return parentSpanId;
}

function durationOf(parts: SpanParts, warnings: string[]): number {
  const { startUs, startNanos, endUs, endNanos } = parts;
  if (endUs === 0 && endNanos === 0) warnings.push('it has no end time; its duration is shown as 0');
  else if (!(endUs >= 0 && endUs <= MAX_MICROS))
    warnings.push('its end time is outside 1970 to 2255; its duration is shown as 0');
  else {
    const duration = endUs - startUs + (endNanos - startNanos) / 1000;
    if (duration >= 0) return duration;
    warnings.push(`it ends ${-duration} µs before it starts; its duration is shown as 0`);
  }
  return 0;
}

function timedEvents(
  events: readonly SpanEvent[],
  startUs: number,
  warnings: string[],
): readonly SpanEvent[] {
  const isGood = (event: SpanEvent) => event.atUs > 0 && event.atUs <= MAX_MICROS;
  if (events.every(isGood)) return events;
  warnings.push('an event has no valid time; it is shown at the start');
  return events.map((event) => (isGood(event) ? event : { ...event, atUs: startUs }));
}

function goodLinks(links: readonly SpanLink[], warnings: string[]): readonly SpanLink[] {
  const good = links.filter((link) => isId(link.traceId, 32) && isId(link.spanId, 16));
  if (good.length < links.length)
    warnings.push(`${links.length - good.length} links without a valid trace and span id were left out`);
  return good;
}

const NO_WARNINGS: readonly string[] = [];

function dropWarning(dropped: number, warnings: string[]): readonly string[] {
  if (dropped > 0) warnings.push(`the sender left out ${dropped} attributes, events or links`);
  return warnings.length === 0 ? NO_WARNINGS : warnings;
}

/** What a resource's attributes say about who sent them (OpenTelemetry resource semantic conventions). */
export function resourceOf(attributes: Attributes): Resource {
  return {
    service: attributeText(attributes, 'service.name') || 'unknown_service',
    instance: attributeText(attributes, 'service.instance.id') || attributeText(attributes, 'host.name'),
    attributes,
  };
}
