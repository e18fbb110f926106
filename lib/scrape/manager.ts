import { hostname } from 'node:os';
import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { SampleColumns } from '#lib/ingest/sample-columns.ts';
import type { ScrapeTargets } from '#lib/model/scrape-target.ts';
import { ScrapePool, signatureOf } from './pool.ts';
import type { ScrapeIo, ScrapeLoop } from './scrape-loop.ts';

/** Scrapes what the configuration in force names. */
export class ScrapeManager {
  readonly #io: ScrapeIo;
  #pools = new Map<string, ScrapePool>();
  readonly #ending = new Set<NodeJS.Timeout>();

  constructor(io: Omit<ScrapeIo, 'seed'>) {
    this.#io = { ...io, seed: hostname() };
  }

  /** Puts scrape configs in force. Those that stay the same go on undisturbed. */
  apply(configs: readonly ScrapeConfig[]): void {
    const before = this.#pools;
    this.#pools = new Map();
    for (const config of configs) {
      const old = before.get(config.jobName);
      const pool =
        old?.signature === signatureOf(config)
          ? old
          : new ScrapePool(config, this.#io, (loop) => this.#retire(loop), old);
      this.#pools.set(config.jobName, pool);
    }
    for (const [name, pool] of before) if (!this.#pools.has(name)) pool.end();
  }

  targets(): ScrapeTargets {
    const pools = [...this.#pools.values()];
    return {
      pools: [...this.#pools.keys()],
      active: pools.flatMap((pool) => pool.loops()),
      dropped: pools.flatMap((pool) => pool.dropped()),
      droppedCounts: new Map(pools.map((pool) => [pool.config.jobName, pool.droppedCount()])),
      problems: new Map(pools.map((pool) => [pool.config.jobName, pool.problems()])),
    };
  }

  /** Ends no series: after a restart they go on. */
  async stop(): Promise<void> {
    for (const timer of this.#ending) clearTimeout(timer);
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
    this.#pools = new Map();
  }

  /**
   * A target went away. Its series end at the time of the scrape that did not happen, but only after another interval:
   * the target may have moved to another job, and then its series live on there.
   */
  #retire(loop: ScrapeLoop): void {
    const { intervalMs } = loop.target;
    const stopped = loop.stop();
    const endAt = Date.now() + intervalMs;
    const timer = setTimeout(() => {
      this.#ending.delete(timer);
      stopped
        .then(() => this.#end(loop, endAt))
        .catch((error: Error) => {
          this.#io.log.warn(`the series of a target that went away could not be ended: ${error.message}`);
        });
    }, 2.1 * intervalMs);
    timer.unref();
    this.#ending.add(timer);
  }

  async #end(loop: ScrapeLoop, time: number): Promise<void> {
    const others = [...this.#pools.values()].flatMap((pool) => pool.loops());
    const columns = new SampleColumns();
    for (const series of loop.live()) {
      if (others.some((other) => other.holds(series.key))) continue;
      columns.begin(series);
      columns.pushStale(time);
    }
    if (columns.length > 0) await this.#io.append(columns.take([]));
  }
}
