import type { Span } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS } from '#lib/model/span-stats.ts';
import { encodeChunk } from '../codec/chunk.ts';
import { encodeJson, pack } from '../codec/json.ts';
import { encodeSpanStatistics } from '../codec/span-statistics.ts';
import { encodeSpans } from '../codec/spans.ts';
import { encodeStatementStatistics } from '../codec/statement-statistics.ts';
import { encodeSummaries, type SummaryGroup, type TraceSummary } from '../codec/trace-summary.ts';
import type { Columns, SampleArena } from '../metrics/sample-arena.ts';
import { blockOf, CHUNK_BLOCK_MS, columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import type { StatementTable } from '../statements/statement-table.ts';
import { columnText, keyText, textHash } from '../text.ts';
import type { SpanStatisticsTable } from '../traces/span-statistics.ts';
import { tracePrefix } from '../traces/trace-prefix.ts';
import type { TraceEntry, TraceTable } from '../traces/trace-table.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Traces in one row of summaries at most. */
const SUMMARIES_PER_ROW = 2000;
/** A block is closed once it has this many: enough to compress well, few enough to read for one trace. */
const SPANS_PER_BLOCK = 500;

export interface ChunkRow {
  readonly seriesId: bigint;
  readonly start: bigint;
  readonly seq: bigint;
  readonly end: bigint;
  readonly count: number;
  readonly data: Bytes;
}

/** One series' samples cut at block boundaries. */
export function* chunkRows(seriesId: number, columns: Columns, seq: bigint): Generator<ChunkRow> {
  const { timestamps, values } = columns;
  for (let from = 0; from < timestamps.length; ) {
    const end = blockOf(timestamps[from] as number, CHUNK_BLOCK_MS) + CHUNK_BLOCK_MS;
    let to = from + 1;
    while (to < timestamps.length && (timestamps[to] as number) < end) to++;
    yield {
      seriesId: BigInt(seriesId),
      start: BigInt(timestamps[from] as number),
      seq,
      end: BigInt(timestamps[to - 1] as number),
      count: to - from,
      data: encodeChunk({ timestamps: timestamps.subarray(from, to), values: values.subarray(from, to) }),
    };
    from = to;
  }
}

export function* allChunkRows(
  samples: SampleArena,
  ids: readonly number[],
  seq: bigint,
): Generator<ChunkRow> {
  for (let slot = 0; slot < ids.length; slot++) {
    const columns = samples.read(slot, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (columns !== undefined) yield* chunkRows(ids[slot] as number, columns, seq);
  }
}

export interface TraceBlockRow {
  readonly seq: bigint;
  readonly part: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly data: Bytes;
}

export interface TraceLocationRow {
  readonly trace: bigint;
  readonly seq: bigint;
  readonly part: number;
}

const byStart = (traces: TraceTable): [string, TraceEntry][] =>
  [...traces.byId].sort(([, a], [, b]) => a.startUs - b.startUs);

/** Blocks of neighbouring traces: what they have in common is written once, and they compress together. */
export function* traceBlockRows(
  traces: TraceTable,
  seq: bigint,
): Generator<{ readonly block: TraceBlockRow; readonly locations: TraceLocationRow[] }> {
  let entries: [string, TraceEntry][] = [];
  let size = 0;
  let part = 0;
  const take = () => {
    const row = {
      block: {
        seq,
        part,
        start: columnTime(Math.min(...entries.map(([, e]) => e.startUs)) / 1000),
        end: columnTime(Math.max(...entries.map(([, e]) => e.endUs)) / 1000, Math.ceil),
        data: pack(encodeSpans(entries.flatMap(([, { spans }]) => spans))),
      },
      // Two ids may share their first bits: one row for both.
      locations: [...new Set(entries.map(([traceId]) => tracePrefix(traceId)))].map((trace) => ({
        trace,
        seq,
        part,
      })),
    };
    entries = [];
    size = 0;
    part++;
    return row;
  };
  for (const entry of byStart(traces)) {
    entries.push(entry);
    size += entry[1].spans.length;
    if (size >= SPANS_PER_BLOCK) yield take();
  }
  if (entries.length > 0) yield take();
}

export interface SummaryRow {
  readonly start: bigint;
  readonly seq: bigint;
  readonly part: number;
  readonly end: bigint;
  readonly maxDurationUs: number;
  readonly data: Bytes;
}

export function* summaryRows(traces: TraceTable, seq: bigint): Generator<SummaryRow> {
  const ordered = byStart(traces);
  for (let from = 0, part = 0; from < ordered.length; from += SUMMARIES_PER_ROW, part++) {
    const summaries = ordered.slice(from, from + SUMMARIES_PER_ROW).map(
      ([traceId, { spans, startUs, endUs }]): TraceSummary => ({
        traceId,
        startUs: Math.floor(startUs),
        endUs: Math.ceil(endUs),
        groups: groupsOf(spans),
      }),
    );
    yield {
      start: columnTime((summaries[0]?.startUs ?? 0) / 1000),
      seq,
      part,
      end: columnTime(summaries.reduce((max, s) => Math.max(max, s.endUs), 0) / 1000, Math.ceil),
      maxDurationUs: summaries.reduce((max, s) => Math.max(max, s.endUs - s.startUs), 0),
      data: encodeSummaries(summaries),
    };
  }
}

function groupsOf(spans: readonly Span[]): SummaryGroup[] {
  const groups = new Map<string, SummaryGroup>();
  for (const span of spans) {
    const { service } = span.resource;
    const key = `${service.length}:${service}${span.name}`;
    const known = groups.get(key);
    const least = Math.floor(span.durationUs);
    const most = Math.ceil(span.durationUs);
    groups.set(key, {
      service,
      operation: span.name,
      failed: span.status === 'error' || (known?.failed ?? false),
      minDurationUs: Math.min(least, known?.minDurationUs ?? least),
      maxDurationUs: Math.max(most, known?.maxDurationUs ?? most),
    });
  }
  return [...groups.values()];
}

/** Cuts items with buckets into blocks of time: block start → the items' buckets within it. */
function byBlock<T extends { readonly buckets: readonly { readonly at: number }[] }>(
  items: readonly T[],
): Map<number, T[]> {
  const blocks = new Map<number, T[]>();
  for (const item of items) {
    const parts = Map.groupBy(item.buckets, (bucket) => blockOf(bucket.at, STATISTICS_BLOCK_MS));
    for (const [start, buckets] of parts) {
      const list = blocks.get(start) ?? [];
      list.push({ ...item, buckets });
      blocks.set(start, list);
    }
  }
  return blocks;
}

export interface StatisticsRow {
  readonly start: bigint;
  readonly seq: bigint;
  readonly data: Bytes;
}

export function* spanStatisticsRows(
  table: SpanStatisticsTable,
  seq: bigint,
): Generator<StatisticsRow & { readonly service: string }> {
  for (const [service, series] of Map.groupBy(table.list(), (s) => s.service))
    for (const [start, parts] of byBlock(series))
      yield { service: keyText(service), start: BigInt(start), seq, data: encodeSpanStatistics(parts) };
}

export interface OperationRow {
  readonly service: string;
  readonly key: string;
  readonly operation: string;
  readonly kind: string;
  readonly first: bigint;
  readonly last: bigint;
}

export function operationRows(table: SpanStatisticsTable): OperationRow[] {
  const rows = new Map<string, OperationRow>();
  for (const { service, operation, kind, buckets } of table.list()) {
    const key = textHash(`${kind} ${operation}`);
    const name = keyText(service);
    const known = rows.get(`${key}${name}`);
    const first = buckets[0]?.at ?? 0;
    const last = (buckets.at(-1)?.at ?? 0) + SPAN_BUCKET_MS;
    rows.set(`${key}${name}`, {
      service: name,
      key,
      operation: columnText(operation),
      kind,
      first: columnTime(Math.min(first, Number(known?.first ?? first))),
      last: columnTime(Math.max(last, Number(known?.last ?? last))),
    });
  }
  return [...rows.values()];
}

export function* statementStatisticsRows(
  table: StatementTable,
  seq: bigint,
): Generator<StatisticsRow & { readonly fingerprint: string }> {
  for (const [fingerprint, digests] of Map.groupBy(table.list(), (d) => d.fingerprint))
    for (const [start, parts] of byBlock(digests)) {
      const own = parts.map((digest) => ({
        ...digest,
        examples: digest.examples.filter((e) => blockOf(e.at, STATISTICS_BLOCK_MS) === start),
      }));
      yield {
        fingerprint: keyText(fingerprint),
        start: BigInt(start),
        seq,
        data: encodeStatementStatistics(own),
      };
    }
}

export function* noticeRows<T extends { readonly at: number }>(
  notices: readonly T[],
  seq: bigint,
): Generator<StatisticsRow & { readonly end: bigint }> {
  for (const [start, list] of Map.groupBy(notices, (n) => blockOf(n.at, STATISTICS_BLOCK_MS)))
    yield { start: BigInt(start), seq, end: BigInt(start + STATISTICS_BLOCK_MS), data: encodeJson(list, 3) };
}
