import type { MetricMetadata } from '#lib/model/metrics.ts';
import { Head, type ReplayTarget } from './head.ts';
import { SeriesRegistry } from './metrics/registry.ts';
import { SIGNALS, type Signal } from './store.ts';
import { SeenSpans } from './traces/seen-spans.ts';
import type { Arrived } from './writer/messages.ts';

/** What one question sees: resting rows up to `horizon`, and the heads that hold all after it, oldest first. */
export interface View {
  /** Resting rows with a greater `seq` are still in a head: reading them too would count them twice. */
  readonly horizon: bigint;
  readonly heads: readonly Head[];
}

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

  /** The sealed head's rows are in resting form now. */
  dropSealed(): void {
    if (this.sealed === undefined) return;
    this.horizon = this.sealed.lastId;
    this.sealed = undefined;
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
