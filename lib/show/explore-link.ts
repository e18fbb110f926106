import type { TimeRange } from '#lib/model/time-range.ts';

/** Path of the Explore page with these queries; without a range it takes that of the page it is linked from. */
export function exploreHref(queries: readonly string[], range?: TimeRange): string {
  const search = new URLSearchParams(queries.map((query) => ['q', query]));
  if (range) {
    search.set('from', String(Math.floor(range.from)));
    search.set('to', String(Math.ceil(range.to)));
  }
  return `/explore?${search}`;
}
