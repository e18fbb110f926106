import { type Attributes, attribute, type Span } from '#lib/model/span.ts';
import type { TraceSearch } from '../store.ts';

const holds = (attributes: Attributes, key: string, text: string): boolean => {
  const value = attribute(attributes, key);
  return value !== undefined && (typeof value === 'object' ? JSON.stringify(value) : String(value)) === text;
};

function hasTag(span: Span, key: string, text: string): boolean {
  if (key === 'error' && (text === 'true' || text === 'false'))
    return (span.status === 'error') === (text === 'true') || holds(span.attributes, key, text);
  return (
    holds(span.attributes, key, text) ||
    holds(span.resource.attributes, key, text) ||
    span.events.some((event) => holds(event.attributes, key, text))
  );
}

/** Whether one span alone satisfies everything that a search asks of a span. */
export function spanMatches(span: Span, search: TraceSearch): boolean {
  if (search.service !== undefined && span.resource.service !== search.service) return false;
  if (search.operation !== undefined && span.name !== search.operation) return false;
  const startMs = span.startUs / 1000;
  if (startMs < search.range.from || startMs > search.range.to) return false;
  if (search.minDurationUs !== undefined && span.durationUs < search.minDurationUs) return false;
  if (search.maxDurationUs !== undefined && span.durationUs > search.maxDurationUs) return false;
  if (search.failedOnly === true && span.status !== 'error') return false;
  return (search.tags ?? []).every(([key, text]) => hasTag(span, key, text));
}
