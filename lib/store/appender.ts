import type { ChangeEvent } from '#lib/model/event.ts';
import type { Fault } from '#lib/model/fault.ts';
import type { MetricBatch, MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { encodeJson } from './codec/json.ts';
import { encodeMetrics, type StoredMetrics } from './codec/metric-batch.ts';
import { encodeSpans } from './codec/spans.ts';
import { signalNumber } from './head.ts';
import { withinTime } from './metrics/acceptance.ts';
import { hasSoundTime, soundOnly, spanHasSoundTime } from './sound-times.ts';
import type { StoreState } from './state.ts';
import type { Appender, AppendResult, Rejection, Signal } from './store.ts';
import type { WriterClient } from './writer/client.ts';

export interface AppenderOptions {
  readonly state: StoreState;
  readonly writer: WriterClient;
  readonly now: () => number;
  readonly retentionMs: number | undefined;
  /** Undefined when the store takes data; else why not. */
  readonly refusal: () => Fault | undefined;
  /** Called after every row. */
  readonly appended: () => void;
}

export class LogAppender implements Appender {
  private readonly options: AppenderOptions;
  private nextId: number;

  constructor(options: AppenderOptions) {
    this.options = options;
    this.nextId = options.state.current.lastId + 1;
  }

  async appendMetrics(given: MetricBatch): Promise<AppendResult> {
    const { state, now, retentionMs } = this.options;
    const at = now();
    const { batch, rejected } = withinTime(given, {
      oldest: retentionMs === undefined ? undefined : at - retentionMs,
      now: at,
    });
    const { registry } = state;
    // Once a series, not once a sample, and still the hottest loop of the main thread: no callbacks.
    const slots = new Int32Array(batch.series.length);
    const ids = new Float64Array(slots.length);
    const defined: StoredMetrics['defined'][number][] = [];
    for (let i = 0; i < slots.length; i++) {
      const slot = registry.resolve(batch.series[i] as SeriesRef);
      const id = registry.id(slot);
      slots[i] = slot;
      ids[i] = id;
      if (!registry.isDurable(slot))
        defined.push({ id, labels: registry.labels(slot), key: registry.key(slot) });
    }
    const stored: StoredMetrics = {
      ids,
      offsets: batch.offsets,
      timestamps: batch.timestamps,
      values: batch.values,
      defined,
      metadata: batch.metadata.filter((m) => !sameMetadata(state.metadata.get(m.name), m)),
    };
    const total = batch.timestamps.length;
    if (total === 0 && stored.metadata.length === 0) return { accepted: 0, rejected };
    let conflicts = 0;
    await this.write('metrics', encodeMetrics(stored), () => {
      for (const { id } of stored.defined) registry.markDurable(id);
      for (const m of stored.metadata) state.metadata.set(m.name, m);
      conflicts = state.current.addSamples(registry, slots, batch.offsets, batch.timestamps, batch.values);
      return total - conflicts;
    });
    if (conflicts > 0) rejected.push(duplicates(conflicts));
    return { accepted: total - conflicts, rejected };
  }

  async appendSpans(given: readonly Span[]): Promise<AppendResult> {
    const { state } = this.options;
    const { kept: spans, rejected } = soundOnly(given, spanHasSoundTime, 'spans');
    if (spans.length === 0) return { accepted: 0, rejected };
    const fresh = spans.filter((span) => state.seen.take(span));
    try {
      // Spans seen before wait for the same commit: the first copy may still be on its way to the disk.
      const bytes = encodeSpans(fresh);
      // The writer thread takes the memory of what it is given.
      const kept = bytes.slice();
      await this.write('spans', bytes, () => {
        state.current.addSpans(fresh, kept);
        return fresh.length;
      });
    } catch (error) {
      for (const span of fresh) state.seen.forget(span);
      throw error;
    }
    return { accepted: spans.length, rejected };
  }

  async appendStatements(given: StatementBatch): Promise<AppendResult> {
    const runs = soundOnly(given.runs, hasSoundTime, 'statements');
    const notices = soundOnly(given.notices, hasSoundTime, 'notices');
    const batch = { runs: runs.kept, notices: notices.kept };
    const count = batch.runs.length + batch.notices.length;
    if (count > 0)
      await this.write('statements', encodeJson(batch), () => {
        this.options.state.current.addStatements(batch);
        return count;
      });
    return { accepted: count, rejected: [...runs.rejected, ...notices.rejected] };
  }

  async appendEvents(given: readonly ChangeEvent[]): Promise<AppendResult> {
    const { kept: events, rejected } = soundOnly(given, hasSoundTime, 'events');
    if (events.length > 0)
      await this.write('events', encodeJson(events), () => {
        this.options.state.current.addEvents(events);
        return events.length;
      });
    return { accepted: events.length, rejected };
  }

  /** @param apply makes the data visible; answers how many items were taken */
  private async write(signal: Signal, data: Uint8Array<ArrayBuffer>, apply: () => number): Promise<void> {
    const { state, writer, now, refusal, appended } = this.options;
    const fault = refusal();
    if (fault) throw fault;
    const row = { id: this.nextId++, signal: signalNumber(signal), receivedAt: now(), data };
    const size = data.length;
    await writer.append(row, () => {
      state.arrived(signal, apply(), row.receivedAt);
      state.current.sawRow(row, size);
      appended();
    });
  }
}

const sameMetadata = (a: MetricMetadata | undefined, b: MetricMetadata): boolean =>
  a !== undefined && a.type === b.type && a.help === b.help && a.unit === b.unit;

const duplicates = (count: number): Rejection => ({
  reason: 'duplicate-timestamp',
  message: `${count} ${count === 1 ? 'sample has' : 'samples have'} another value than the one stored for the same series and time: the first one stays`,
  count,
});
