import { Fault } from '#lib/model/fault.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { isObject, parseJson } from '#lib/model/json.ts';
import type { Attribute, Resource, Span, SpanEvent } from '#lib/model/span.ts';
import { SPAN_KINDS } from '#lib/model/span.ts';
import type { SpanParts } from '../otlp/span.ts';
import { finishSpan, resourceOf } from '../otlp/span.ts';
import type { Rejection } from '../rejection.ts';
import { Rejections } from '../rejection.ts';
import { splitShared } from './shared-spans.ts';

export interface DecodedZipkin {
  readonly spans: Span[];
  /** `count` is in spans. */
  readonly rejected: readonly Rejection[];
}

const KINDS: readonly string[] = SPAN_KINDS;
const INTERNAL = KINDS.indexOf('internal');
const ERROR = 2;
const SCOPE = { name: 'zipkin', version: '' };

/**
 * Decodes the JSON list of Zipkin's `POST /api/v2/spans`. A bad span is rejected with its name, the rest is kept.
 * @throws Fault 400 when the body is not such a list
 */
export function decodeZipkin(body: Uint8Array): DecodedZipkin {
  const list = parseJson(body);
  if (!Array.isArray(list))
    throw new Fault(400, 'malformed-zipkin', 'the body must be a JSON list of Zipkin v2 spans');
  const rejections = new Rejections();
  const resources = new Map<string, Resource>();
  const spans: Span[] = [];
  const shared = new Set<Span>();
  for (const [index, given] of (list as unknown[]).entries()) {
    if (!isObject(given)) {
      rejections.add('malformed-span', `span ${index} is not an object`);
      continue;
    }
    const resource = resourceField(given.localEndpoint, resources);
    const span = finishSpan(spanParts(given), resource, SCOPE, rejections);
    if (span === undefined) continue;
    spans.push(span);
    if (given.shared === true && span.kind === 'server') shared.add(span);
  }
  return { spans: splitShared(spans, shared), rejected: rejections.list() };
}

function spanParts(span: JsonObject): SpanParts {
  const tags = tagsOf(span.tags);
  const error = tags.find(([key]) => key === 'error')?.[1];
  // A tag `error` is a failure whatever it says, except where a client writes the boolean.
  const hasFailed = error !== undefined && error !== 'false';
  const events = annotationsOf(span.annotations);
  const startUs = microsOf(span.timestamp) || (events[0]?.atUs ?? 0);
  const durationUs = microsOf(span.duration);
  const kind = KINDS.indexOf(text(span.kind).toLowerCase());
  return {
    traceId: idOf(span.traceId, 32),
    spanId: idOf(span.id, 16),
    parentSpanId: idOf(span.parentId, 16),
    name: text(span.name),
    kind: kind > 0 ? kind : INTERNAL,
    traceState: '',
    startUs,
    startNanos: 0,
    endUs: span.duration === undefined ? 0 : startUs + durationUs,
    endNanos: 0,
    attributes: [...tags, ...remoteAttributes(span.remoteEndpoint, tags), ...debugAttribute(span.debug)],
    events,
    links: [],
    status: hasFailed ? ERROR : 0,
    statusMessage: hasFailed && error !== 'true' ? String(error) : '',
    dropped: 0,
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function microsOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const micros = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof micros === 'number' ? micros : Number.NaN;
}

/** A 64-bit trace id is the low half of a 128-bit one, and some senders leave leading zeros out. */
function idOf(value: unknown, digits: number): string {
  const id = text(value).toLowerCase();
  return id === '' ? '' : id.padStart(digits, '0');
}

function tagsOf(value: unknown): Attribute[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, tag]): Attribute => [key, scalar(tag)]);
}

/** Tags are texts; some senders write numbers and booleans. */
function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function annotationsOf(value: unknown): SpanEvent[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[])
    .filter(isObject)
    .map(({ timestamp, value: name }) => ({ atUs: microsOf(timestamp), name: text(name), attributes: [] }));
}

/** The other end, under the names of OpenTelemetry; a tag of the same name goes first. */
function remoteAttributes(value: unknown, tags: readonly Attribute[]): Attribute[] {
  if (!isObject(value)) return [];
  const { serviceName, port } = value;
  const address = addressOf(value);
  const attributes: Attribute[] = [];
  if (text(serviceName) !== '') attributes.push(['peer.service', text(serviceName)]);
  if (address !== '') attributes.push(['network.peer.address', address]);
  if (typeof port === 'number' && port > 0) attributes.push(['network.peer.port', port]);
  return attributes.filter(([key]) => !tags.some(([tag]) => tag === key));
}

function debugAttribute(debug: unknown): Attribute[] {
  return debug === true ? [['zipkin.debug', true]] : [];
}

const addressOf = (endpoint: JsonObject): string => text(endpoint.ipv4) || text(endpoint.ipv6);

/** Zipkin knows no host name: the address stands for the instance. */
function resourceField(value: unknown, known: Map<string, Resource>): Resource {
  const service = isObject(value) ? text(value.serviceName) : '';
  const address = isObject(value) ? addressOf(value) : '';
  const key = JSON.stringify([service, address]);
  const shared = known.get(key);
  if (shared !== undefined) return shared;
  const attributes: Attribute[] = [];
  if (service !== '') attributes.push(['service.name', service]);
  if (address !== '') attributes.push(['host.ip', address]);
  const resource = { ...resourceOf(attributes), instance: address };
  known.set(key, resource);
  return resource;
}
