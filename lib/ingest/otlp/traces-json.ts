import { Fault } from '#lib/model/fault.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { isObject, parseJson } from '#lib/model/json.ts';
import type { Resource, Scope, Span, SpanEvent, SpanLink } from '#lib/model/span.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#lib/model/span.ts';
import type { Rejections } from '../rejection.ts';
import {
  attributesField,
  countField,
  enumField,
  listField,
  nanosField,
  objectsField,
  textField,
} from './json-fields.ts';
import type { SpanParts } from './span.ts';
import { finishSpan, resourceOf } from './span.ts';

/** ExportTraceServiceRequest as proto3 JSON: camelCase or snake_case keys, ids in hexadecimal. */
export function readTracesJson(body: Uint8Array, rejections: Rejections): Span[] {
  const request = parseJson(body);
  if (!isObject(request))
    throw new Fault(400, 'malformed-otlp', 'the body must be an object with the key resourceSpans');
  const spans: Span[] = [];
  for (const resourceSpans of objectsField(
    request.resourceSpans ?? request.resource_spans,
    'resourceSpans',
  )) {
    const resource = resourceField(resourceSpans.resource);
    for (const scopeSpans of objectsField(
      resourceSpans.scopeSpans ?? resourceSpans.scope_spans,
      'scopeSpans',
    )) {
      const scope = scopeField(scopeSpans.scope);
      for (const given of listField(scopeSpans.spans, 'spans')) {
        if (!isObject(given)) {
          rejections.add('malformed-span', `a span of ${resource.service} is not an object`);
          continue;
        }
        const span = finishSpan(spanParts(given), resource, scope, rejections);
        if (span !== undefined) spans.push(span);
      }
    }
  }
  return spans;
}

function resourceField(value: unknown): Resource {
  return resourceOf(isObject(value) ? attributesField(value.attributes) : []);
}

function scopeField(value: unknown): Scope {
  return isObject(value)
    ? { name: textField(value.name), version: textField(value.version) }
    : { name: '', version: '' };
}

const id = (value: unknown) => textField(value).toLowerCase();

function spanParts(span: JsonObject): SpanParts {
  const [startUs, startNanos] = nanosField(span.startTimeUnixNano ?? span.start_time_unix_nano);
  const [endUs, endNanos] = nanosField(span.endTimeUnixNano ?? span.end_time_unix_nano);
  const status = isObject(span.status) ? span.status : undefined;
  return {
    traceId: id(span.traceId ?? span.trace_id),
    spanId: id(span.spanId ?? span.span_id),
    parentSpanId: id(span.parentSpanId ?? span.parent_span_id),
    name: textField(span.name),
    kind: enumField(span.kind, 'span_kind_', SPAN_KINDS),
    traceState: textField(span.traceState ?? span.trace_state),
    startUs,
    startNanos,
    endUs,
    endNanos,
    attributes: attributesField(span.attributes),
    events: objectsField(span.events, 'events').map(eventField),
    links: objectsField(span.links, 'links').map(linkField),
    status: enumField(status?.code, 'status_code_', SPAN_STATUSES),
    statusMessage: textField(status?.message),
    dropped:
      countField(span.droppedAttributesCount ?? span.dropped_attributes_count) +
      countField(span.droppedEventsCount ?? span.dropped_events_count) +
      countField(span.droppedLinksCount ?? span.dropped_links_count),
  };
}

function eventField(event: JsonObject): SpanEvent {
  const [micros, nanos] = nanosField(event.timeUnixNano ?? event.time_unix_nano);
  return {
    atUs: micros + nanos / 1000,
    name: textField(event.name),
    attributes: attributesField(event.attributes),
  };
}

function linkField(link: JsonObject): SpanLink {
  return {
    traceId: id(link.traceId ?? link.trace_id),
    spanId: id(link.spanId ?? link.span_id),
    attributes: attributesField(link.attributes),
  };
}
