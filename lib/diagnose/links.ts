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

/** Where a change stands as a marker on the charts. */
export const eventLink = (service: string, range: TimeRange): string =>
  service === '' ? `/?${rangeOf(range)}` : serviceLink(service, range);
