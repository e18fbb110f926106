import type { Span, Trace } from '#lib/model/span.ts';
import type { TimeRange } from '#lib/model/time-range.ts';

/** One trace of a list. */
export interface TraceRow {
  readonly traceId: string;
  /** start, ms since the epoch */
  readonly at: number;
  /** From the first start to the last end. */
  readonly durationMs: number;
  readonly service: string;
  readonly operation: string;
  readonly spans: number;
  readonly errors: number;
  /** Services in it, those with most spans first. */
  readonly services: readonly { readonly name: string; readonly spans: number }[];
}

export const TRACE_SORTS = ['recent', 'slowest', 'failed'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];

export interface TracesModel {
  readonly range: TimeRange;
  readonly rows: readonly TraceRow[];
  /** There may be more than these. */
  readonly limit: number;
  /** All services of the range; operations only of the one chosen. */
  readonly services: readonly string[];
  readonly operations: readonly string[];
}

/** The span that stands for the trace: a true root, else one whose parent never arrived, else the first. */
function headOf(trace: Trace): Span | undefined {
  const ids = new Set(trace.spans.map((span) => span.spanId));
  return (
    trace.spans.find((span) => span.parentSpanId === '') ??
    trace.spans.find((span) => !ids.has(span.parentSpanId)) ??
    trace.spans[0]
  );
}

export function traceRow(trace: Trace): TraceRow {
  let startUs = Number.POSITIVE_INFINITY;
  let endUs = Number.NEGATIVE_INFINITY;
  let errors = 0;
  const services = new Map<string, number>();
  for (const span of trace.spans) {
    startUs = Math.min(startUs, span.startUs);
    endUs = Math.max(endUs, span.startUs + span.durationUs);
    if (span.status === 'error') errors++;
    services.set(span.resource.service, (services.get(span.resource.service) ?? 0) + 1);
  }
  const head = headOf(trace);
  return {
    traceId: trace.traceId,
    at: startUs / 1000,
    durationMs: (endUs - startUs) / 1000,
    service: head?.resource.service ?? '',
    operation: head?.name ?? '',
    spans: trace.spans.length,
    errors,
    services: [...services]
      .map(([name, spans]) => ({ name, spans }))
      .toSorted((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1)),
  };
}
