import { setImmediate as pause } from 'node:timers/promises';
import type { Span } from '#lib/model/span.ts';
import { decodeSpans } from '../codec/spans.ts';
import type { SummaryGroup, TraceSummary } from '../codec/trace-summary.ts';

/** Groups looked through for a span's own: a trace of thousands of operations must not take long. */
const GROUPS_LOOKED_AT = 32;
/** Spans kept decoded at most, newest use last: neighbours are asked for together. */
const MAX_DECODED = 10_000;

type Group = { -readonly [K in keyof SummaryGroup]: SummaryGroup[K] };

interface Entry {
  startUs: number;
  endUs: number;
  /** One operation may stand in several. */
  readonly groups: Group[];
  /** Which batches hold spans of the trace, ascending. */
  readonly batches: number[];
}

/**
 * The newest spans in memory: as the bytes that the log has of them (a decoded span takes ten times the room) and
 * what a search needs to know of each trace.
 */
export class HeadTraces {
  count = 0;
  private readonly entries = new Map<string, Entry>();
  private readonly batches: Uint8Array[] = [];
  private readonly decoded = new Map<number, readonly Span[]>();
  private decodedSpans = 0;

  /** @param bytes the same spans encoded; nobody else may write to them */
  add(spans: readonly Span[], bytes: Uint8Array): void {
    const batch = this.batches.push(bytes) - 1;
    this.count += spans.length;
    for (const span of spans) {
      const { startUs, durationUs } = span;
      let entry = this.entries.get(span.traceId);
      if (entry === undefined) {
        entry = { startUs, endUs: startUs + durationUs, groups: [], batches: [batch] };
        this.entries.set(span.traceId, entry);
      } else {
        if (entry.batches.at(-1) !== batch) entry.batches.push(batch);
        if (startUs < entry.startUs) entry.startUs = startUs;
        if (startUs + durationUs > entry.endUs) entry.endUs = startUs + durationUs;
      }
      addToGroup(entry.groups, span);
    }
  }

  *summaries(): Generator<TraceSummary> {
    for (const [traceId, { startUs, endUs, groups }] of this.entries)
      yield { traceId, startUs, endUs, groups };
  }

  /** The spans of some traces, in the order they came. */
  async read(traceIds: readonly string[]): Promise<Map<string, Span[]>> {
    const found = new Map<string, Span[]>();
    const batches = new Set<number>();
    for (const traceId of traceIds) {
      const entry = this.entries.get(traceId);
      if (entry === undefined) continue;
      found.set(traceId, []);
      for (const batch of entry.batches) batches.add(batch);
    }
    for (const batch of [...batches].sort((a, b) => a - b)) {
      const isAtHand = this.decoded.has(batch);
      for (const span of this.decode(batch)) found.get(span.traceId)?.push(span);
      if (!isAtHand) await pause();
    }
    return found;
  }

  private decode(batch: number): readonly Span[] {
    const spans = this.decoded.get(batch) ?? decodeSpans(this.batches[batch] ?? new Uint8Array(0));
    if (!this.decoded.delete(batch)) this.decodedSpans += spans.length;
    this.decoded.set(batch, spans);
    for (const [oldest, { length }] of this.decoded) {
      if (this.decodedSpans <= MAX_DECODED || oldest === batch) break;
      this.decoded.delete(oldest);
      this.decodedSpans -= length;
    }
    return spans;
  }
}

function addToGroup(groups: Group[], span: Span): void {
  const { service } = span.resource;
  const { name, durationUs } = span;
  const failed = span.status === 'error';
  const end = Math.max(0, groups.length - GROUPS_LOOKED_AT);
  for (let i = groups.length - 1; i >= end; i--) {
    const group = groups[i] as Group;
    if (group.operation !== name || group.service !== service) continue;
    group.failed ||= failed;
    if (durationUs < group.minDurationUs) group.minDurationUs = durationUs;
    if (durationUs > group.maxDurationUs) group.maxDurationUs = durationUs;
    return;
  }
  groups.push({ service, operation: name, failed, minDurationUs: durationUs, maxDurationUs: durationUs });
}
