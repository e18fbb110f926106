import type { ChangeEvent } from '#lib/model/event.ts';
import type { ExemplarSample, HistogramSample, MetricBatch, MetricMetadata } from '#lib/model/metrics.ts';
import { wordsOf } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import type { DatabaseNotice, StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from './codec/json.ts';
import { decodeMetrics } from './codec/metric-batch.ts';
import { decodeSpans } from './codec/spans.ts';
import type { Columns } from './metrics/columns.ts';
import { headColumns } from './metrics/head-columns.ts';
import { HeadExemplars } from './metrics/head-exemplars.ts';
import { HistogramArena } from './metrics/histogram-arena.ts';
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

type SampleColumns = Pick<MetricBatch, 'offsets' | 'timestamps' | 'values'>;

export const signalNumber = (signal: Signal): number => SIGNALS.indexOf(signal);

/**
 * One generation of the newest data, in memory: everything of the log rows between two compactions, ready for
 * every reader.
 */
export class Head {
  readonly samples = new SampleArena();
  readonly histograms = new HistogramArena();
  readonly exemplars = new HeadExemplars();
  /** What was said of metrics that was new. */
  readonly metadata = new Map<string, MetricMetadata>();
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

  /**
   * @param clashed told of the slot of each series that has another value at that time
   * @returns samples not kept because of that
   */
  addSamples(
    registry: SeriesRegistry,
    slots: ArrayLike<number>,
    columns: SampleColumns,
    clashed?: (slot: number) => void,
  ): number {
    const { offsets, timestamps } = columns;
    const words = wordsOf(columns.values);
    this.samples.ensure(registry.slots);
    let conflicts = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      const from = offsets[i] as number;
      const to = offsets[i + 1] as number;
      if (from === to) continue;
      const before = conflicts;
      if (this.histograms.count > 0 && this.histograms.has(slot))
        conflicts += this.addBesideHistograms(slot, timestamps, words, from, to);
      else conflicts += this.samples.append(slot, timestamps, words, from, to);
      if (conflicts > before) clashed?.(slot);
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

  /** As `addSamples`. */
  addHistograms(
    registry: SeriesRegistry,
    slots: ArrayLike<number>,
    histograms: readonly HistogramSample[],
    clashed?: (slot: number) => void,
  ): number {
    this.samples.ensure(registry.slots);
    let conflicts = 0;
    for (const { series, timestamp, histogram } of histograms) {
      const slot = slots[series] as number;
      const isTaken = this.samples.hasAt(slot, timestamp);
      if (isTaken || this.histograms.append(slot, timestamp, histogram) === 'conflict') {
        conflicts++;
        clashed?.(slot);
      }
      registry.sawTimes(slot, timestamp, timestamp);
    }
    return conflicts;
  }

  /** @returns exemplars that are too many */
  addExemplars(slots: ArrayLike<number>, exemplars: readonly ExemplarSample[]): number {
    let excess = 0;
    for (const { series, exemplar } of exemplars)
      if (!this.exemplars.add(slots[series] as number, exemplar)) excess++;
    return excess;
  }

  /** Samples of all kinds. */
  get sampleCount(): number {
    return this.samples.count + this.histograms.count;
  }

  /** Whether anything in here belongs to the slot. */
  holds(slot: number): boolean {
    return this.samples.size(slot) > 0 || this.histograms.has(slot) || this.exemplars.has(slot);
  }

  /** Samples of a slot with from ≤ t ≤ to, floats and native histograms in one; undefined when there are none. */
  read(slot: number, from: number, to: number): Columns | undefined {
    return headColumns(this.samples, this.histograms, slot, from, to);
  }

  private addBesideHistograms(
    slot: number,
    timestamps: Float64Array,
    words: Uint32Array,
    from: number,
    to: number,
  ): number {
    let conflicts = 0;
    for (let i = from; i < to; i++)
      if (this.histograms.hasAt(slot, timestamps[i] as number)) conflicts++;
      else conflicts += this.samples.append(slot, timestamps, words, i, i + 1);
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

/** A row of the log names series that are neither active nor defined in it: their groups rest. */
export class UnknownSeries extends RangeError {
  readonly ids: Float64Array;

  constructor(row: number, ids: Float64Array) {
    super(`log row ${row} names ${ids.length} series that nothing defines`);
    this.ids = ids;
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
      for (const { id, labels, key } of batch.defined) target.registry.restore(id, labels, false, key);
      for (const m of batch.metadata) {
        target.metadata.set(m.name, m);
        head.metadata.set(m.name, m);
      }
      const slots = Int32Array.from(batch.ids, (id) => target.registry.slot(id));
      const unknown = batch.ids.filter((_, i) => (slots[i] as number) < 0);
      if (unknown.length > 0) throw new UnknownSeries(row.id, unknown);
      const conflicts =
        head.addSamples(target.registry, slots, batch) +
        head.addHistograms(target.registry, slots, batch.histograms);
      head.addExemplars(slots, batch.exemplars);
      count = batch.timestamps.length + batch.histograms.length - conflicts;
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
