import { setImmediate as pause } from 'node:timers/promises';
import { SPAN_KINDS, type Span } from '#lib/model/span.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { unpack } from '../codec/json.ts';
import { decodeSpanStatistics } from '../codec/span-statistics.ts';
import { decodeSpans } from '../codec/spans.ts';
import { decodeSummaries, type TraceSummary } from '../codec/trace-summary.ts';
import type { Database } from '../database.ts';
import { columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { TraceSearch } from '../store.ts';
import { keyText } from '../text.ts';
import { Best } from './best.ts';
import type { SpanFilter } from './span-statistics.ts';
import { tracePrefix } from './trace-prefix.ts';

export interface Operation {
  readonly service: string;
  readonly operation: string;
  readonly kind: Span['kind'];
}

const TRACES_AT_ONCE = 500;
const BLOCKS_AT_ONCE = 20;
const SUMMARY_ROWS_AT_ONCE = 20;

/** Spans at rest by trace, in the order of compactions. */
export async function readTraces(db: Database, ids: readonly string[]): Promise<Map<string, Span[]>> {
  const found = new Map<string, Span[]>(ids.map((id) => [id, []]));
  const blocks = new Map<string, { seq: bigint; part: number }>();
  for (let i = 0; i < ids.length; i += TRACES_AT_ONCE) {
    const rows = await db.traceLocation.findMany({
      where: { trace: { in: ids.slice(i, i + TRACES_AT_ONCE).map(tracePrefix) } },
      select: { seq: true, part: true },
    });
    for (const row of rows) blocks.set(`${row.seq}.${row.part}`, row);
  }
  const ordered = [...blocks.values()].sort((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
  for (const [seq, list] of Map.groupBy(ordered, (block) => block.seq)) {
    const parts = list.map((block) => block.part);
    for (let i = 0; i < parts.length; i += BLOCKS_AT_ONCE) {
      const rows = await db.traceBlock.findMany({
        where: { seq, part: { in: parts.slice(i, i + BLOCKS_AT_ONCE) } },
        select: { data: true },
      });
      for (const { data } of rows)
        for (const span of decodeSpans(unpack(data))) found.get(span.traceId)?.push(span);
      await pause();
    }
  }
  return found;
}

/** Kept of what matches at least: some turn out not to match when they are read in full. */
const MIN_KEPT = 1000;

type Extent = Pick<TraceSummary, 'startUs' | 'endUs'>;

export const orderOf =
  (order: TraceSearch['order']) =>
  (a: Extent, b: Extent): number =>
    order === 'recent' ? b.startUs - a.startUs : b.endUs - b.startUs - (a.endUs - a.startUs);

/** Collects summaries of which `enough` are asked for. */
export const bestTraces = (order: TraceSearch['order'], enough: number): Best<TraceSummary> =>
  new Best<TraceSummary>(orderOf(order), Math.max(enough, MIN_KEPT));

/**
 * The best traces at rest that may match: reading ends when `enough` of them rank before everything that the rows
 * not yet read can hold.
 */
export async function readSummaries(
  db: Database,
  search: TraceSearch,
  enough: number,
): Promise<readonly TraceSummary[]> {
  const found = bestTraces(search.order, enough);
  const slice = new SliceOfTime();
  const recent = search.order === 'recent';
  for (let skip = 0; ; skip += SUMMARY_ROWS_AT_ONCE) {
    const rows = await db.traceSummary.findMany({
      where: {
        start: { lte: columnTime(search.range.to) },
        end: { gte: columnTime(search.range.from) },
        ...(search.minDurationUs === undefined
          ? {}
          : { maxDurationUs: { gte: Math.floor(search.minDurationUs) } }),
      },
      orderBy: [recent ? { end: 'desc' } : { maxDurationUs: 'desc' }, { seq: 'asc' }, { part: 'asc' }],
      skip,
      take: SUMMARY_ROWS_AT_ONCE,
      select: { end: true, maxDurationUs: true, data: true },
    });
    for (const { data } of rows) {
      for (const summary of decodeSummaries(data)) if (mayMatch(summary, search)) found.add(summary);
      if (slice.over()) await slice.next();
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < SUMMARY_ROWS_AT_ONCE) return found.list();
    const bound = recent ? Number(last.end) * 1000 : last.maxDurationUs;
    const before = found.list().filter((s) => (recent ? s.startUs : s.endUs - s.startUs) >= bound);
    if (before.length >= enough) return found.list();
  }
}

/** Whether one of a trace's spans can match; times are rounded outwards, so only a full read can confirm it. */
export function mayMatch({ startUs, endUs, groups }: TraceSummary, search: TraceSearch): boolean {
  if (startUs > search.range.to * 1000 + 1 || endUs < search.range.from * 1000 - 1) return false;
  return groups.some(
    (g) =>
      (search.service === undefined || g.service === search.service) &&
      (search.operation === undefined || g.operation === search.operation) &&
      (search.minDurationUs === undefined || g.maxDurationUs >= search.minDurationUs) &&
      (search.maxDurationUs === undefined || g.minDurationUs <= search.maxDurationUs) &&
      (search.failedOnly !== true || g.failed),
  );
}

/** Gives the series of each row at rest as they are decoded. */
export async function* readSpanStatistics(
  db: Database,
  horizon: bigint,
  range: TimeRange,
  filter: SpanFilter,
): AsyncGenerator<SpanSeries[]> {
  const rows = await db.spanStatistics.findMany({
    where: {
      ...(filter.service === undefined ? {} : { service: keyText(filter.service) }),
      start: { gt: columnTime(range.from - STATISTICS_BLOCK_MS), lte: columnTime(range.to) },
      seq: { lte: horizon },
    },
    select: { data: true },
  });
  for (const { data } of rows) {
    yield decodeSpanStatistics(data);
    await pause();
  }
}

/** Operations that had spans at rest before the range ended and after it began. */
export async function readOperations(db: Database, range: TimeRange): Promise<Operation[]> {
  const rows = await db.spanOperation.findMany({
    where: { first: { lte: columnTime(range.to) }, last: { gt: columnTime(range.from) } },
  });
  return rows.map(({ service, operation, kind }) => ({
    service,
    operation,
    kind: SPAN_KINDS.find((k) => k === kind) ?? 'unspecified',
  }));
}
