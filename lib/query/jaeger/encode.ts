import type { Attributes, AttributeValue, Resource, Span, Trace } from '#lib/model/span.ts';

export interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64';
  readonly value: string | number | boolean;
}

export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly {
    readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
    readonly traceID: string;
    readonly spanID: string;
  }[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[];
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<
    Record<string, { readonly serviceName: string; readonly tags: readonly JaegerTag[] }>
  >;
  readonly warnings: readonly string[] | null;
}

function plain(value: AttributeValue): unknown {
  if (Array.isArray(value)) return value.map((v: AttributeValue) => plain(v));
  if (typeof value === 'object' && value !== null && 'kvlist' in value)
    return Object.fromEntries(value.kvlist.map(([k, v]) => [k, plain(v)]));
  return value;
}

function tag([key, value]: readonly [string, AttributeValue]): JaegerTag {
  if (typeof value === 'string') return { key, type: 'string', value };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (typeof value === 'number') return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
  return { key, type: 'string', value: JSON.stringify(plain(value)) };
}

const tags = (attributes: Attributes): JaegerTag[] => attributes.map(tag);

function encodeSpan(span: Span, processID: string): JaegerSpan {
  const own = tags(span.attributes);
  if (span.kind !== 'unspecified') own.push({ key: 'span.kind', type: 'string', value: span.kind });
  if (span.status !== 'unset')
    own.push({ key: 'otel.status_code', type: 'string', value: span.status.toUpperCase() });
  if (span.status === 'error') own.push({ key: 'error', type: 'bool', value: true });
  if (span.statusMessage)
    own.push({ key: 'otel.status_description', type: 'string', value: span.statusMessage });
  if (span.scope.name) own.push({ key: 'otel.scope.name', type: 'string', value: span.scope.name });
  if (span.scope.version) own.push({ key: 'otel.scope.version', type: 'string', value: span.scope.version });
  if (span.traceState) own.push({ key: 'w3c.tracestate', type: 'string', value: span.traceState });
  const parent = span.parentSpanId
    ? [{ refType: 'CHILD_OF' as const, traceID: span.traceId, spanID: span.parentSpanId }]
    : [];
  const links = span.links.map((link) => ({
    refType: 'FOLLOWS_FROM' as const,
    traceID: link.traceId,
    spanID: link.spanId,
  }));
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    operationName: span.name,
    references: [...parent, ...links],
    startTime: Math.floor(span.startUs),
    duration: Math.round(span.durationUs),
    tags: own,
    logs: span.events.map((event) => ({
      timestamp: Math.floor(event.atUs),
      fields: [{ key: 'event', type: 'string' as const, value: event.name }, ...tags(event.attributes)],
    })),
    processID,
    warnings: span.warnings.length ? span.warnings : null,
  };
}

function processKey(resource: Resource): string {
  return `${resource.service}\0${resource.instance}\0${JSON.stringify(resource.attributes)}`;
}

/** A trace as Jaeger's query API writes it. */
export function encodeTrace(trace: Trace): JaegerTrace {
  const ids = new Map<string, string>();
  const byResource = new Map<Resource, string>();
  const processes = new Map<string, { serviceName: string; tags: JaegerTag[] }>();
  const spans = trace.spans.map((span) => {
    let id = byResource.get(span.resource);
    if (id === undefined) {
      const key = processKey(span.resource);
      id = ids.get(key) ?? `p${ids.size + 1}`;
      ids.set(key, id);
      byResource.set(span.resource, id);
      processes.set(id, {
        serviceName: span.resource.service,
        tags: tags(span.resource.attributes.filter(([k]) => k !== 'service.name')),
      });
    }
    return encodeSpan(span, id);
  });
  return { traceID: trace.traceId, spans, processes: Object.fromEntries(processes), warnings: null };
}

/** The envelope of every answer of that API. */
export function envelope(
  data: unknown,
  total?: number,
): { data: unknown; total: number; limit: 0; offset: 0; errors: null } {
  return { data, total: total ?? (Array.isArray(data) ? data.length : 0), limit: 0, offset: 0, errors: null };
}
