import type { Span } from '#lib/model/span.ts';

/** Any odd constant will do: the same id always gives the same other id, and two ids never the same one. */
const TURN = 0x9e3779b97f4a7c15n;

/** Id of the server half of a shared span. */
export function serverHalfId(spanId: string): string {
  const turned = BigInt(`0x${spanId}`) ^ TURN;
  return (turned === 0n ? TURN : turned).toString(16).padStart(16, '0');
}

/**
 * In Zipkin (B3) both ends of a call may report under one span id. Everywhere else an id is one span, so the
 * server's half gets an id of its own, always the same one, and the client's half as its parent; what the server
 * did below it in this body moves along. The halves usually come in two bodies: `shared` then tells the server's.
 */
export function splitShared(spans: readonly Span[], shared: ReadonlySet<Span>): Span[] {
  const clients = new Map<string, Span>();
  for (const span of spans) if (span.kind === 'client') clients.set(keyOf(span, span.spanId), span);
  const servers = new Map<string, Span>();
  for (const span of spans) {
    const key = keyOf(span, span.spanId);
    if (shared.has(span) || (span.kind === 'server' && clients.has(key))) servers.set(key, span);
  }
  if (servers.size === 0) return [...spans];
  return spans.map((span) => {
    const key = keyOf(span, span.spanId);
    if (span.kind !== 'client' && servers.has(key))
      return { ...span, spanId: serverHalfId(span.spanId), parentSpanId: span.spanId };
    const parentKey = keyOf(span, span.parentSpanId);
    const server = servers.get(parentKey);
    if (server === undefined) return span;
    const client = clients.get(parentKey);
    const service = span.resource.service;
    const isClients = service === client?.resource.service && service !== server.resource.service;
    return isClients ? span : { ...span, parentSpanId: serverHalfId(span.parentSpanId) };
  });
}

const keyOf = (span: Span, spanId: string) => `${span.traceId}:${spanId}`;
