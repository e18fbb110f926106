import type { StatementDigest } from '#lib/model/digest.ts';
import type { Trace } from '#lib/model/span.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { serviceGraph } from '#lib/query/graph.ts';
import { readSignals, type SignalSeries } from '#lib/query/signals/read.ts';
import type { Role } from '#lib/query/signals/role.ts';
import { spanTree } from '#lib/query/span-tree.ts';
import { nextTurn } from '#lib/store/next-turn.ts';
import type { Store } from '#lib/store/store.ts';
import { type Evidence, joinDigests, joinSignals, joinSpans } from './evidence.ts';
import { requestsOf } from './requests.ts';

const ROLES: readonly Role[] = [
  'pool.in_use',
  'pool.idle',
  'pool.size',
  'pool.max',
  'pool.pending',
  'eventloop.lag_p99_seconds',
  'eventloop.utilization',
  'heap.used_bytes',
  'heap.limit_bytes',
  'process.resident_bytes',
  'process.start_seconds',
];

/** A sample large enough to see a pattern in a tenth of an operation's requests, small enough to decode in passing. */
const SAMPLED_OPERATIONS = 8;
const TRACES_PER_OPERATION = 16;
const SLOWEST_TRACES = 40;
/** A long window is sampled in this many stretches, so that its end is not all that is seen. */
const MAX_STRETCHES = 4;
const STRETCH_MS = 600_000;
const DEPLOY_LOOK_BACK_MS = 86_400_000;

/** Columns of telemetry over one range, without traces. */
export interface Columns {
  readonly spans: readonly SpanSeries[];
  readonly signals: readonly SignalSeries[];
  readonly digests: readonly StatementDigest[];
}

export async function gatherColumns(store: Store, range: TimeRange): Promise<Columns> {
  // The embedded database answers on this thread: one question after another, with a turn for others in between.
  const spans = await store.traces.spanSeries(range);
  await nextTurn();
  const signals = await readSignals(store.metrics, ROLES, range);
  await nextTurn();
  const digests = await store.statements.digests(range);
  await nextTurn();
  return { spans, signals, digests };
}

function busiestOperations(spans: readonly SpanSeries[]): SpanSeries[] {
  const total = (s: SpanSeries) => s.buckets.reduce((sum, b) => sum + b.durations.sum, 0);
  return spans
    .filter((s) => s.kind === 'server' || s.kind === 'consumer' || s.kind === 'unspecified')
    .map((series) => ({ series, total: total(series) }))
    .sort((a, b) => b.total - a.total)
    .slice(0, SAMPLED_OPERATIONS)
    .map(({ series }) => series);
}

function stretchesOf(window: TimeRange): TimeRange[] {
  const n = Math.min(MAX_STRETCHES, Math.max(1, Math.ceil((window.to - window.from) / STRETCH_MS)));
  const length = (window.to - window.from) / n;
  return Array.from({ length: n }, (_, i) => ({
    from: window.from + i * length,
    to: window.from + (i + 1) * length,
  }));
}

/** The newest traces of the busiest operations and the slowest of all, from every stretch of the window. */
async function sampleTraces(
  store: Store,
  spans: readonly SpanSeries[],
  window: TimeRange,
  judgedFrom: number,
): Promise<Trace[]> {
  const found = new Map<string, Trace>();
  const operations = busiestOperations(spans);
  for (const range of stretchesOf(window)) {
    const searches = [
      ...operations.map(({ service, operation }) => ({
        range,
        service,
        operation,
        order: 'recent' as const,
        limit: TRACES_PER_OPERATION,
      })),
      {
        range: { from: Math.max(range.from, Math.min(judgedFrom, range.to)), to: range.to },
        order: 'slowest' as const,
        limit: SLOWEST_TRACES,
      },
    ];
    for (const search of searches) {
      for (const trace of await store.traces.search(search)) found.set(trace.traceId, trace);
      await nextTurn();
    }
  }
  return [...found.values()];
}

/**
 * Everything the detectors need, fetched once.
 * @param past columns of the time before the window that are already at hand; they must not overlap it
 * @param judgedFrom where the part of the window begins that detectors judge: the slowest traces are looked for there
 */
export async function gather(
  store: Store,
  window: TimeRange,
  baseline: readonly TimeRange[],
  past?: Columns,
  judgedFrom = window.from,
): Promise<Evidence> {
  const from = Math.min(window.from, ...baseline.map((r) => r.from));
  const fresh = await gatherColumns(store, past ? window : { from, to: window.to });
  const [traces, notices, events] = await Promise.all([
    sampleTraces(
      store,
      past ? fresh.spans : fresh.spans.filter((s) => isSeenIn(s, window)),
      window,
      judgedFrom,
    ),
    store.statements.notices(window),
    store.events.list({ from: Math.min(from, window.from - DEPLOY_LOOK_BACK_MS), to: window.to }),
  ]);
  const trees = new Map(traces.map((t) => [t, spanTree(t)]));
  const treeOf = (trace: Trace) => trees.get(trace) ?? spanTree(trace);
  return {
    window,
    baseline,
    spans: past ? joinSpans(past.spans, fresh.spans) : fresh.spans,
    signals: past ? await joinSignals(past.signals, fresh.signals) : fresh.signals,
    digests: past ? joinDigests(past.digests, fresh.digests) : fresh.digests,
    traces,
    requests: traces.flatMap((t) => requestsOf(t, treeOf(t))),
    graph: serviceGraph(traces, treeOf),
    notices,
    events,
  };
}

const isSeenIn = (series: SpanSeries, window: TimeRange): boolean =>
  series.buckets.some((b) => b.at >= window.from && b.at <= window.to);
