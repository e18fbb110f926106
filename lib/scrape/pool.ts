import type { TargetGroup } from '#lib/config/discovery-config.ts';
import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import type { DroppedTarget } from '#lib/model/scrape-target.ts';
import type { Discoverer } from './discovery/discoverer.ts';
import { DnsDiscoverer } from './discovery/dns-discoverer.ts';
import { FileDiscoverer } from './discovery/file-discoverer.ts';
import { type ScrapeIo, ScrapeLoop } from './scrape-loop.ts';
import { Connections } from './secrets.ts';
import { makeTargets } from './target.ts';

/** Dropped targets kept for show where `keep_dropped_targets` says nothing; all are counted. */
const DROPPED_SHOWN = 1000;

/** The targets of one scrape config. */
export class ScrapePool {
  readonly config: ScrapeConfig;
  /** Equal for configs that mean the same. */
  readonly signature: string;
  readonly #io: ScrapeIo;
  readonly #onGone: (loop: ScrapeLoop) => void;
  readonly #connections: Connections;
  readonly #discoverers: readonly Discoverer[];
  #loops = new Map<string, ScrapeLoop>();
  #dropped: DroppedTarget[] = [];
  #droppedCount = 0;
  #badTargets: string[] = [];
  #isStopped = false;

  /** @param onGone told each loop that has been stopped for good */
  constructor(config: ScrapeConfig, io: ScrapeIo, onGone: (loop: ScrapeLoop) => void, before?: ScrapePool) {
    this.config = config;
    this.signature = signatureOf(config);
    this.#io = io;
    this.#onGone = onGone;
    this.#connections = new Connections(config.http);
    // What has been discovered stays so while only other parts of the config change.
    const isSameDiscovery =
      before !== undefined && JSON.stringify(before.config.discovery) === JSON.stringify(config.discovery);
    this.#discoverers = isSameDiscovery
      ? before.#discoverers
      : [
          ...config.discovery.files.map((files) => new FileDiscoverer(files)),
          ...config.discovery.dns.map((dns) => new DnsDiscoverer(dns)),
        ];
    const old = before === undefined ? new Map<string, ScrapeLoop>() : before.#halt(isSameDiscovery);
    for (const discoverer of this.#discoverers) {
      if (isSameDiscovery) discoverer.stop();
      discoverer.start(() => this.#sync());
    }
    this.#sync(old);
  }

  loops(): readonly ScrapeLoop[] {
    return [...this.#loops.values()];
  }

  dropped(): readonly DroppedTarget[] {
    return this.#dropped;
  }

  droppedCount(): number {
    return this.#droppedCount;
  }

  /** What is wrong with its targets as a whole, for a person. */
  problems(): readonly string[] {
    return [...this.#discoverers.flatMap((discoverer) => discoverer.problems()), ...this.#badTargets];
  }

  /** Stops scraping without ending the series. */
  async stop(): Promise<void> {
    await Promise.all([...this.#halt(false).values()].map((loop) => loop.stop()));
  }

  /** Ends the pool for good: its targets are gone. */
  end(): void {
    for (const loop of this.#halt(false).values()) this.#onGone(loop);
  }

  /** Leaves the loops to whoever asks. */
  #halt(keepDiscovery: boolean): Map<string, ScrapeLoop> {
    this.#isStopped = true;
    if (!keepDiscovery) for (const discoverer of this.#discoverers) discoverer.stop();
    const loops = this.#loops;
    this.#loops = new Map();
    void Promise.all([...loops.values()].map((loop) => loop.stop())).then(() => this.#connections.close());
    return loops;
  }

  /** @param old stopped loops of an earlier configuration, to be gone on with */
  #sync(old: ReadonlyMap<string, ScrapeLoop> = new Map()): void {
    if (this.#isStopped) return;
    const { config } = this;
    const before = this.#loops;
    this.#loops = new Map();
    this.#dropped = [];
    this.#droppedCount = 0;
    this.#badTargets = [];
    const shown = config.limits.keepDroppedTargets || DROPPED_SHOWN;
    for (const made of makeTargets(config, this.#groups())) {
      if (made.kind === 'problem') {
        if (this.#badTargets.length < 20) this.#badTargets.push(made.message);
      } else if (made.kind === 'dropped') {
        this.#droppedCount++;
        if (this.#dropped.length < shown)
          this.#dropped.push({ pool: config.jobName, discoveredLabels: made.discoveredLabels });
      } else {
        const { target } = made;
        const running = before.get(target.id);
        const loop =
          running ?? new ScrapeLoop(target, config, this.#connections, this.#io, old.get(target.id));
        this.#loops.set(target.id, loop);
        if (running === undefined) loop.start();
      }
    }
    const { targets: limit } = config.limits;
    const { size } = this.#loops;
    for (const loop of this.#loops.values())
      loop.refusedFor =
        limit > 0 && size > limit
          ? `target_limit exceeded (number of targets: ${size}, limit: ${limit})`
          : undefined;
    for (const loop of [...before.values(), ...old.values()])
      if (!this.#loops.has(loop.target.id)) this.#onGone(loop);
  }

  #groups(): TargetGroup[] {
    return [
      ...this.config.discovery.static,
      ...this.#discoverers.flatMap((discoverer) => discoverer.groups()),
    ];
  }
}

/** Regular expressions count by their text. */
export function signatureOf(config: ScrapeConfig): string {
  return JSON.stringify(config, (key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : key === 'regex' ? String(value) : value,
  );
}
