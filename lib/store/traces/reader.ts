import type { Span, Trace } from '#lib/model/span.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { StoreState, View } from '../state.ts';
import type { TraceReader, TraceSearch } from '../store.ts';
import { spanMatches } from './match.ts';
import {
  bestTraces,
  mayMatch,
  type Operation,
  orderOf,
  readOperations,
  readSpanStatistics,
  readSummaries,
  readTraces,
} from './resting.ts';
import { type SpanFilter, SpanStatisticsTable } from './span-statistics.ts';
import { orderSpans } from './trace-table.ts';

/** Traces read in full at most for one search; the rest of a search that matches hardly anything is left out. */
const MAX_CANDIDATES = 20_000;

/** Traces read at once at most. */
const MAX_STEP = 640;

interface Candidate {
  readonly traceId: string;
  startUs: number;
  endUs: number;
}

export class StoredTraceReader implements TraceReader {
  private readonly db: Database;
  private readonly state: StoreState;

  constructor(db: Database, state: StoreState) {
    this.db = db;
    this.state = state;
  }

  async trace(traceId: string): Promise<Trace | undefined> {
    const [trace] = await this.load(this.state.view(), [traceId]);
    return trace;
  }

  async search(search: TraceSearch): Promise<Trace[]> {
    const view = this.state.view();
    const candidates = new Map<string, Candidate>();
    const add = (traceId: string, startUs: number, endUs: number): void => {
      const known = candidates.get(traceId);
      if (known === undefined) candidates.set(traceId, { traceId, startUs, endUs });
      else {
        known.startUs = Math.min(known.startUs, startUs);
        known.endUs = Math.max(known.endUs, endUs);
      }
    };
    // Tags are only known to the full trace: more candidates must be at hand.
    const enough = search.tags === undefined || search.tags.length === 0 ? search.limit * 2 : MAX_CANDIDATES;
    for (const { traceId, startUs, endUs } of await readSummaries(this.db, search, enough))
      add(traceId, startUs, endUs);
    const slice = new SliceOfTime();
    const newest = bestTraces(search.order, enough);
    for (const head of view.heads)
      for (const summary of head.traces.summaries()) {
        if (candidates.has(summary.traceId)) add(summary.traceId, summary.startUs, summary.endUs);
        else if (mayMatch(summary, search)) newest.add(summary);
        if (slice.over()) await slice.next();
      }
    for (const { traceId, startUs, endUs } of newest.list()) add(traceId, startUs, endUs);

    const order = orderOf(search.order);
    const ordered = [...candidates.values()].sort(order).slice(0, MAX_CANDIDATES);
    const found: Trace[] = [];
    // Ever larger steps: neighbours share a block, and a search that finds little reads many.
    let step = Math.max(search.limit, 20);
    for (let i = 0; i < ordered.length && found.length < search.limit; ) {
      const traces = await this.load(
        view,
        ordered.slice(i, i + step).map((c) => c.traceId),
      );
      found.push(...traces.filter((t) => t.spans.some((span) => spanMatches(span, search))));
      i += step;
      step = Math.min(step * 2, MAX_STEP);
    }
    return found
      .map((trace) => ({ trace, ...extent(trace) }))
      .sort(order)
      .slice(0, search.limit)
      .map(({ trace }) => trace);
  }

  async operations(range: TimeRange): Promise<Map<string, { operation: string; kind: Span['kind'] }[]>> {
    const services = new Map<string, { operation: string; kind: Span['kind'] }[]>();
    const { heads } = this.state.view();
    const seen: Operation[] = await readOperations(this.db, range);
    for (const head of heads) seen.push(...head.spanStatistics.list(range));
    for (const { service, operation, kind } of seen) {
      const operations = services.get(service) ?? [];
      if (!operations.some((o) => o.operation === operation && o.kind === kind))
        operations.push({ operation, kind });
      services.set(service, operations);
    }
    for (const operations of services.values())
      operations.sort((a, b) => (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0));
    return services;
  }

  async spanSeries(range: TimeRange, filter: SpanFilter = {}): Promise<SpanSeries[]> {
    const view = this.state.view();
    const table = new SpanStatisticsTable();
    for await (const list of readSpanStatistics(this.db, view.horizon, range, filter))
      for (const series of list)
        if (filter.operation === undefined || series.operation === filter.operation)
          table.adopt(series, range);
    for (const head of view.heads)
      for (const series of head.spanStatistics.list(range, filter)) table.merge(series);
    return table.list(range, filter);
  }

  /** Whole traces, in the order asked for; those that do not exist are left out. */
  private async load(view: View, traceIds: readonly string[]): Promise<Trace[]> {
    const resting = await readTraces(this.db, traceIds);
    const newest: Map<string, Span[]>[] = [];
    for (const head of view.heads) newest.push(await head.traces.read(traceIds));
    return traceIds.flatMap((traceId) => {
      const spans = [...(resting.get(traceId) ?? []), ...newest.flatMap((spans) => spans.get(traceId) ?? [])];
      return spans.length === 0 ? [] : [{ traceId, spans: orderSpans(spans) }];
    });
  }
}

function extent({ spans }: Trace): Pick<Candidate, 'startUs' | 'endUs'> {
  let endUs = Number.NEGATIVE_INFINITY;
  for (const span of spans) endUs = Math.max(endUs, span.startUs + span.durationUs);
  return { startUs: spans[0]?.startUs ?? 0, endUs };
}
