import type { ChangeEvent } from '#lib/model/event.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import { wordsOf } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import type { DatabaseNotice, StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from './codec/json.ts';
import { decodeMetrics } from './codec/metric-batch.ts';
import { decodeSpans } from './codec/spans.ts';
import type { SeriesRegistry } from './metrics/registry.ts';
import { SampleArena } from './metrics/sample-arena.ts';
import { StatementTable } from './statements/statement-table.ts';
import { SIGNALS, type Signal } from './store.ts';
import { HeadTraces } from './traces/head-traces.ts';
import { SpanStatisticsTable } from './traces/span-statistics.ts';

export interface LogRow {
  readonly id: number;
  readonly signal: number;
  readonly receivedAt: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

export const signalNumber = (signal: Signal): number => SIGNALS.indexOf(signal);

/**
 * One generation of the newest data, in memory: everything of the log rows between two compactions, ready for
 * every reader.
 */
export class Head {
  readonly samples = new SampleArena();
  readonly traces = new HeadTraces();
  readonly spanStatistics = new SpanStatisticsTable();
  readonly statements = new StatementTable();
  readonly notices: DatabaseNotice[] = [];
  readonly events = new Map<string, ChangeEvent>();
  /** Id of the newest log row in here. */
  lastId = 0;
  rows = 0;
  bytes = 0;
  /** When the first row came, ms since the epoch. */
  since: number | undefined;

  sawRow(row: Pick<LogRow, 'id' | 'receivedAt'>, size: number): void {
    this.lastId = row.id;
    this.rows++;
    this.bytes += size;
    this.since ??= row.receivedAt;
  }

  /** @returns samples not kept because their series has another value at that time */
  addSamples(
    registry: SeriesRegistry,
    slots: ArrayLike<number>,
    offsets: Uint32Array,
    timestamps: Float64Array,
    values: Float64Array,
  ): number {
    const words = wordsOf(values);
    this.samples.ensure(registry.size);
    let conflicts = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      const from = offsets[i] as number;
      const to = offsets[i + 1] as number;
      if (from === to) continue;
      conflicts += this.samples.append(slot, timestamps, words, from, to);
      let oldest = timestamps[from] as number;
      let newest = oldest;
      for (let j = from + 1; j < to; j++) {
        const at = timestamps[j] as number;
        if (at < oldest) oldest = at;
        if (at > newest) newest = at;
      }
      registry.sawTimes(slot, oldest, newest);
    }
    return conflicts;
  }

  /** @param bytes the spans as the log has them; kept */
  addSpans(spans: readonly Span[], bytes: Uint8Array): void {
    this.traces.add(spans, bytes);
    for (const span of spans) this.spanStatistics.add(span);
  }

  addStatements(batch: StatementBatch): void {
    for (const run of batch.runs) this.statements.add(run);
    this.notices.push(...batch.notices);
  }

  addEvents(events: readonly ChangeEvent[]): void {
    for (const event of events) this.events.set(event.id, event);
  }
}

/** What replaying needs besides the head. */
export interface ReplayTarget {
  readonly registry: SeriesRegistry;
  readonly metadata: Map<string, MetricMetadata>;
  sawSpan(span: Span): void;
  arrived(signal: Signal, count: number, at: number): void;
}

/** Puts a row of the log into the head, as the append that wrote it did. */
export function replay(head: Head, target: ReplayTarget, row: LogRow): void {
  const signal = SIGNALS[row.signal];
  let count = 0;
  switch (signal) {
    case 'metrics': {
      const batch = decodeMetrics(row.data);
      for (const { id, labels, key } of batch.defined) target.registry.restore(id, labels, key);
      for (const m of batch.metadata) target.metadata.set(m.name, m);
      const slots = Array.from(batch.ids, (id) => target.registry.slot(id) ?? -1);
      if (slots.includes(-1)) throw new RangeError(`log row ${row.id} names a series that nothing defines`);
      const conflicts = head.addSamples(
        target.registry,
        slots,
        batch.offsets,
        batch.timestamps,
        batch.values,
      );
      count = batch.timestamps.length - conflicts;
      break;
    }
    case 'spans': {
      const spans = decodeSpans(row.data);
      for (const span of spans) target.sawSpan(span);
      head.addSpans(spans, row.data);
      count = spans.length;
      break;
    }
    case 'statements': {
      const batch = decodeJson<StatementBatch>(row.data);
      head.addStatements(batch);
      count = batch.runs.length + batch.notices.length;
      break;
    }
    case 'events': {
      const events = decodeJson<ChangeEvent[]>(row.data);
      head.addEvents(events);
      count = events.length;
      break;
    }
    default:
      throw new RangeError(`log row ${row.id} is of kind ${row.signal}`);
  }
  target.arrived(signal, count, row.receivedAt);
  head.sawRow(row, row.data.length);
}
