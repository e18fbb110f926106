import { attributeText, type Span } from '#lib/model/span.ts';

/** Whom a client or producer span calls, in the order in which the OpenTelemetry service-graph connector looks; `''` otherwise. */
export function peerOf(span: Span): string {
  if (span.kind !== 'client' && span.kind !== 'producer') return '';
  return attributeText(
    span.attributes,
    'peer.service',
    'db.namespace',
    'db.name',
    'db.system.name',
    'db.system',
    'messaging.system',
    'server.address',
    'net.peer.name',
  );
}
