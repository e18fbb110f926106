import { attributeText, type Span } from '#lib/model/span.ts';

/** Systems whose calls are caches: repeating a lookup there is what they are for. */
const CACHES = new Set([
  'redis',
  'memcached',
  'valkey',
  'keydb',
  'dragonfly',
  'hazelcast',
  'aerospike',
  'caching',
]);

/** Database system of a client span (`db.system.name`, older `db.system`), `''` for other spans. */
export const databaseOf = (span: Span): string =>
  span.kind === 'server' || span.kind === 'consumer'
    ? ''
    : attributeText(span.attributes, 'db.system.name', 'db.system');

/** Statement of a database span, as the application sent it; `''` for connects, pings and caches. */
export function statementOf(span: Span): string {
  if (isCache(span)) return '';
  return attributeText(span.attributes, 'db.query.text', 'db.statement');
}

export const isCache = (span: Span): boolean => CACHES.has(databaseOf(span).toLowerCase());

export const isMessaging = (span: Span): boolean =>
  span.kind === 'producer' ||
  span.kind === 'consumer' ||
  attributeText(span.attributes, 'messaging.system') !== '';
