import type { Span } from '#lib/model/span.ts';

export interface TraceEntry {
  readonly spans: Span[];
  startUs: number;
  endUs: number;
}

/** Spans in memory, by trace. */
export class TraceTable {
  readonly byId = new Map<string, TraceEntry>();
  count = 0;

  add(span: Span): void {
    const endUs = span.startUs + span.durationUs;
    const entry = this.byId.get(span.traceId);
    if (entry === undefined) {
      this.byId.set(span.traceId, { spans: [span], startUs: span.startUs, endUs });
    } else {
      entry.spans.push(span);
      if (span.startUs < entry.startUs) entry.startUs = span.startUs;
      if (endUs > entry.endUs) entry.endUs = endUs;
    }
    this.count++;
  }
}

/** Ordered by start; of spans with the same id the first stays. */
export function orderSpans(spans: readonly Span[]): Span[] {
  const byId = new Map<string, Span>();
  for (const span of spans) if (!byId.has(span.spanId)) byId.set(span.spanId, span);
  return [...byId.values()].sort((a, b) => a.startUs - b.startUs || b.durationUs - a.durationUs);
}
