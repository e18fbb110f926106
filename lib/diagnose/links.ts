import type { TimeRange } from '#lib/model/time-range.ts';

/** Paths of the app's pages that show a piece of evidence. Everything outside text touches is escaped. */
const rangeOf = (range: TimeRange): string => `from=${Math.floor(range.from)}&to=${Math.ceil(range.to)}`;

export const serviceLink = (service: string, range: TimeRange): string =>
  `/services/${encodeURIComponent(service)}?${rangeOf(range)}`;

export const traceLink = (traceId: string, spanId?: string): string =>
  `/traces/${encodeURIComponent(traceId)}${spanId === undefined ? '' : `?span=${encodeURIComponent(spanId)}`}`;

export const queryLink = (fingerprint: string, range: TimeRange): string =>
  `/queries/${encodeURIComponent(fingerprint)}?${rangeOf(range)}`;

export const queriesLink = (service: string, range: TimeRange): string =>
  `/queries?service=${encodeURIComponent(service)}&${rangeOf(range)}`;

export const exploreLink = (promql: string, range: TimeRange): string =>
  `/explore?query=${encodeURIComponent(promql)}&${rangeOf(range)}`;

export const eventLink = (eventId: string, range: TimeRange): string =>
  `/events?id=${encodeURIComponent(eventId)}&${rangeOf(range)}`;
