import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { encodeExemplars } from './codec/exemplar-block.ts';
import { encodeNewSeries } from './codec/new-series.ts';
import { Head, type ReplayTarget } from './head.ts';
import { IDLE_MS, SeriesRegistry } from './metrics/registry.ts';
import type { SharedMetrics, StoredExemplar } from './metrics/shared-samples.ts';
import { SliceOfTime } from './slice-of-time.ts';
import { SIGNALS, type Signal } from './store.ts';
import { SeenSpans } from './traces/seen-spans.ts';
import type { Arrived } from './writer/messages.ts';

/** What one question sees: resting rows up to `horizon`, and the heads that hold all after it, oldest first. */
export interface View {
  /** Resting rows with a greater `seq` are still in a head: reading them too would count them twice. */
  readonly horizon: bigint;
  readonly heads: readonly Head[];
}

const NEW_SERIES_AT_ONCE = 500;
const EXEMPLARS_AT_ONCE = 2000;

/** Everything the store keeps in memory. Lives in the main thread. */
export class StoreState implements ReplayTarget {
  readonly registry = new SeriesRegistry();
  readonly metadata = new Map<string, MetricMetadata>();
  readonly seen = new SeenSpans();
  readonly arrivals = new Map<Signal, Arrived>(SIGNALS.map((s) => [s, { count: 0, last: undefined }]));
  current = new Head();
  sealed: Head | undefined;
  /** What had arrived when the sealed head was closed. */
  arrivedWhenSealed = this.arrivedRecord();
  /** Log rows up to this id are in resting form. */
  horizon = 0;
  /** Series that the sealed head's compaction has to write into their groups' rows. */
  private fresh: Uint8Array[] = [];

  view(): View {
    const heads = this.sealed === undefined ? [this.current] : [this.sealed, this.current];
    return { horizon: BigInt(this.horizon), heads };
  }

  /** Closes the current head; the log rows up to its last one can now be compacted. */
  seal(): Head {
    const head = this.current;
    this.sealed = head;
    this.arrivedWhenSealed = this.arrivedRecord();
    this.current = new Head();
    this.current.lastId = head.lastId;
    this.seen.rotate();
    return head;
  }

  /** What the writer thread needs to put the sealed head's metrics to rest. */
  async sealedMetrics(head: Head): Promise<SharedMetrics> {
    const { registry } = this;
    const slice = new SliceOfTime();
    const slots = registry.takeFresh();
    for (let i = 0; i < slots.length; i += NEW_SERIES_AT_ONCE) {
      const part = slots.slice(i, i + NEW_SERIES_AT_ONCE);
      this.fresh.push(
        encodeNewSeries(part.map((slot) => ({ id: registry.id(slot), labels: registry.labels(slot) }))),
      );
      if (slice.over()) await slice.next();
    }
    const exemplars: Uint8Array[] = [];
    let part: StoredExemplar[] = [];
    for (const [slot, list] of head.exemplars.entries()) {
      for (const exemplar of list) part.push({ id: registry.id(slot), exemplar });
      if (part.length < EXEMPLARS_AT_ONCE) continue;
      exemplars.push(encodeExemplars(part));
      part = [];
      if (slice.over()) await slice.next();
    }
    if (part.length > 0) exemplars.push(encodeExemplars(part));
    return {
      samples: head.samples.share(),
      histograms: head.histograms.share(),
      ids: registry.ids,
      newSeries: this.fresh,
      exemplars,
      metadata: [...head.metadata.values()],
    };
  }

  /** The sealed head's rows are in resting form now. */
  dropSealed(): void {
    if (this.sealed === undefined) return;
    this.horizon = this.sealed.lastId;
    this.sealed = undefined;
    this.fresh = [];
  }

  /** Forgets series that were idle for long. @param vacated told at once of each one's group */
  evictIdle(now: number, vacated: (group: number) => void): Promise<void> {
    return this.registry.evict(now - IDLE_MS, (slot) => this.inMemory(slot), vacated);
  }

  /** Resting samples of these series were deleted; what came since the last compaction is still there. */
  deleted(ids: readonly number[], { from, to }: TimeRange): void {
    for (const id of ids) {
      const slot = this.registry.slot(id);
      if (slot >= 0 && !this.inMemory(slot)) this.registry.forgetTimes(slot, from, to);
    }
  }

  private inMemory(slot: number): boolean {
    return this.current.holds(slot) || (this.sealed?.holds(slot) ?? false);
  }

  sawSpan(span: Parameters<SeenSpans['take']>[0]): void {
    this.seen.take(span);
  }

  arrived(signal: Signal, count: number, at: number): void {
    if (count === 0) return;
    const before = this.arrivals.get(signal);
    this.arrivals.set(signal, { count: (before?.count ?? 0) + count, last: at });
  }

  arrivedRecord(): Record<Signal, Arrived> {
    const of = (signal: Signal): Arrived => this.arrivals.get(signal) ?? { count: 0, last: undefined };
    return { metrics: of('metrics'), spans: of('spans'), statements: of('statements'), events: of('events') };
  }
}
