import type { ChangeEvent } from '#lib/model/event.ts';
import type { Fault } from '#lib/model/fault.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { MetricBatch, SeriesRef } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { encodeJson } from './codec/json.ts';
import { encodeMetrics, type StoredMetrics } from './codec/metric-batch.ts';
import { encodeSpans } from './codec/spans.ts';
import { signalNumber } from './head.ts';
import { withinTime } from './metrics/acceptance.ts';
import { keepSome } from './metrics/keep-some.ts';
import { newMetadata, tooMuchMetadata } from './metrics/metadata-limits.ts';
import type { SeriesRegistry } from './metrics/registry.ts';
import { tooManySeries } from './metrics/series-limit.ts';
import { seriesText } from './metrics/series-text.ts';
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
    const { registry } = state;
    const at = now();
    const { batch: sound, rejected } = withinTime(given, {
      oldest: retentionMs === undefined ? undefined : at - retentionMs,
      now: at,
    });
    registry.clock = at;
    const batch = withinLimit(registry, sound, rejected);
    // Once a series, not once a sample, and still the hottest loop of the main thread: no callbacks.
    const slots = new Int32Array(batch.series.length);
    const ids = new Float64Array(slots.length);
    const defined: StoredMetrics['defined'][number][] = [];
    for (let i = 0; i < slots.length; i++) {
      const slot = registry.resolve(batch.series[i] as SeriesRef);
      const id = registry.ids[slot] as number;
      slots[i] = slot;
      ids[i] = id;
      if (!registry.isDurable(slot))
        defined.push({ id, labels: registry.labels(slot), key: registry.key(slot) });
    }
    const { offsets, timestamps, values, histograms = [], exemplars = [] } = batch;
    const { metadata, left } = newMetadata(batch.metadata, state.metadata);
    if (left > 0) rejected.push(tooMuchMetadata(left));
    const total = timestamps.length + histograms.length;
    if (total === 0 && metadata.length === 0 && exemplars.length === 0) return { accepted: 0, rejected };
    let conflicts = 0;
    let clash = -1;
    let excess = 0;
    const clashed = (slot: number): void => {
      if (clash < 0) clash = slot;
    };
    const row = { ids, offsets, timestamps, values, defined, metadata, histograms, exemplars };
    await this.write('metrics', encodeMetrics(row), () => {
      for (const { id } of defined) registry.markDurable(id);
      for (const m of metadata) {
        state.metadata.set(m.name, m);
        state.current.metadata.set(m.name, m);
      }
      conflicts = state.current.addSamples(registry, slots, batch, clashed);
      if (histograms.length > 0)
        conflicts += state.current.addHistograms(registry, slots, histograms, clashed);
      if (exemplars.length > 0) excess = state.current.addExemplars(slots, exemplars);
      return total - conflicts;
    });
    if (conflicts > 0) rejected.push(duplicates(conflicts, registry.labels(clash)));
    if (excess > 0) rejected.push(tooManyExemplars(excess));
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

/** Leaves out series that are new when there are too many; those that are known keep flowing. */
function withinLimit(registry: SeriesRegistry, batch: MetricBatch, rejected: Rejection[]): MetricBatch {
  const refused = new Set<number>();
  // Far from the limit nothing needs to be looked up for it.
  if (registry.size + batch.series.length > registry.maxSeries)
    for (const [i, ref] of batch.series.entries()) if (registry.resolve(ref) < 0) refused.add(i);
  if (refused.size === 0) return batch;
  let samples = 0;
  const kept = keepSome(batch, {
    sample: (_, series) => {
      if (refused.has(series)) samples++;
      return !refused.has(series);
    },
    exemplar: (_, series) => !refused.has(series),
  });
  const refs = batch.series.filter((_, i) => refused.has(i));
  rejected.push(tooManySeries(registry, refs, samples));
  return kept;
}

const tooManyExemplars = (count: number): Rejection => ({
  reason: 'exemplar-limit',
  message: `${count} ${count === 1 ? 'exemplar is' : 'exemplars are'} more than the 10 kept of a series and minute, or the 100000 kept between two compactions`,
  count,
});

const duplicates = (count: number, example: Labels): Rejection => ({
  reason: 'duplicate-timestamp',
  message: `${seriesText(example)} has another value for the same time already: the first one stays`,
  count,
});
