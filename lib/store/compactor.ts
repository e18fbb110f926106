import type { Log } from '#lib/platform/log.ts';
import type { StoreState } from './state.ts';
import type { WriterClient } from './writer/client.ts';

/** A head is compacted when it passes one of these. */
export interface CompactionThresholds {
  readonly samples: number;
  readonly spans: number;
  /** of log */
  readonly bytes: number;
  readonly ageMs: number;
}

const DEFAULTS: CompactionThresholds = {
  samples: 4_000_000,
  spans: 120_000,
  bytes: 40 * 2 ** 20,
  ageMs: 900_000,
};
const CHECK_EVERY_MS = 5000;
/** How many times its normal size a head may reach before appends are refused: memory is finite. */
const OVERLOAD = 4;
/** After a failed compaction. */
const RETRY_AFTER_MS = 30_000;
/** Longer than a head lives, so that a block's last samples rest before its parts are joined. */
const MERGE_AFTER_MS = 20 * 60_000;

export interface CompactorOptions {
  readonly state: StoreState;
  readonly writer: WriterClient;
  readonly log: Log;
  readonly now: () => number;
  readonly thresholds: Partial<CompactionThresholds>;
  /** A series of this group is not active any more. */
  readonly vacated: (group: number) => void;
}

/** Decides when the head takes its resting form, and swaps the heads around it. */
export class Compactor {
  private readonly options: CompactorOptions;
  private readonly thresholds: CompactionThresholds;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private notBefore = 0;
  private merging = false;
  private mergeAgain = false;
  private stopped = false;

  constructor(options: CompactorOptions) {
    this.options = options;
    this.thresholds = { ...DEFAULTS, ...options.thresholds };
  }

  start(): void {
    this.timer = setInterval(() => this.check(), CHECK_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** Starts a compaction when one is due. */
  check(): void {
    if (this.running !== undefined || performance.now() < this.notBefore || !this.due()) return;
    this.run().catch(() => undefined);
  }

  /** Compacts everything that is visible now; joins a compaction that is under way first. */
  async run(): Promise<void> {
    while (this.running !== undefined) await this.running.catch(() => undefined);
    this.running = this.compact().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  /** Whether the newest head has grown far beyond its size because the one before it is not at rest yet. */
  overloaded(): boolean {
    const { sealed, current } = this.options.state;
    const { samples, spans, bytes } = this.thresholds;
    return (
      sealed !== undefined &&
      (current.sampleCount > samples * OVERLOAD ||
        current.traces.count > spans * OVERLOAD ||
        current.bytes > bytes * OVERLOAD)
    );
  }

  private due(): boolean {
    const { current } = this.options.state;
    const { samples, spans, bytes, ageMs } = this.thresholds;
    return (
      current.sampleCount >= samples ||
      current.traces.count >= spans ||
      current.bytes >= bytes ||
      (current.since !== undefined && this.options.now() - current.since >= ageMs)
    );
  }

  private async compact(): Promise<void> {
    const { state, writer, log } = this.options;
    // A head that could not be compacted is tried again before a newer one is closed.
    const head = state.sealed ?? (state.current.rows > 0 ? state.seal() : undefined);
    if (head === undefined) return;
    const started = performance.now();
    try {
      await writer.call('compact', {
        after: state.horizon,
        upTo: head.lastId,
        arrived: state.arrivedWhenSealed,
        metrics: await state.sealedMetrics(head),
      });
    } catch (error) {
      this.notBefore = performance.now() + RETRY_AFTER_MS;
      log.error('compaction failed and will be tried again', { error: String(error) });
      throw error;
    }
    state.dropSealed();
    await state.evictIdle(this.options.now(), this.options.vacated);
    this.merge();
    log.info('compacted the log', {
      rows: head.rows,
      samples: head.sampleCount,
      spans: head.traces.count,
      ms: Math.round(performance.now() - started),
    });
  }

  /** Joins blocks of time that are over, once the head cannot hold much of them any more. */
  private merge(): void {
    this.mergeAgain = true;
    if (this.merging || this.stopped) return;
    this.merging = true;
    this.mergeAgain = false;
    this.options.writer
      .call('merge', this.options.now() - MERGE_AFTER_MS)
      .catch((error: unknown) => {
        if (!this.stopped)
          this.options.log.warn('joining blocks failed and will be tried again', { error: String(error) });
      })
      .finally(() => {
        this.merging = false;
        if (this.mergeAgain) this.merge();
      });
  }
}
