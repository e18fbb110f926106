import type { Span } from '#lib/model/span.ts';
import { pack } from '../codec/json.ts';
import { encodeSpans } from '../codec/spans.ts';
import { encodeSummaries, type SummaryGroup, type TraceSummary } from '../codec/trace-summary.ts';
import { columnTime } from '../resting.ts';
import { tracePrefix } from '../traces/trace-prefix.ts';
import type { TraceEntry, TraceTable } from '../traces/trace-table.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Traces in one row of summaries at most. */
const SUMMARIES_PER_ROW = 2000;
/** A block is closed once it has this many: enough to compress well, few enough to read for one trace. */
const SPANS_PER_BLOCK = 500;

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
