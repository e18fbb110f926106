import { createHash } from 'node:crypto';
import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { type Rejection, Rejections } from '#lib/ingest/rejection.ts';
import { SampleColumns } from '#lib/ingest/sample-columns.ts';
import type { MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import type { ScrapeTarget } from '#lib/model/scrape-target.ts';
import type { Log } from '#lib/platform/log.ts';
import type { Appender } from '#lib/store/store.ts';
import { ExpositionReader, type ScrapeCounts } from './exposition-reader.ts';
import { fetchTarget } from './fetch-target.ts';
import { formatOf } from './formats.ts';
import { MetadataCache } from './metadata-cache.ts';
import { ScrapeReport } from './report.ts';
import { ScrapeError } from './scrape-error.ts';
import type { ScrapeMetrics } from './scrape-metrics.ts';
import type { Connections } from './secrets.ts';
import { SeriesCache } from './series-cache.ts';
import { type Target, targetName } from './target.ts';

/** What loops share. */
export interface ScrapeIo {
  readonly append: Appender['appendMetrics'];
  readonly log: Log;
  readonly metrics: ScrapeMetrics;
  readonly userAgent: string;
  /** Spreads servers with the same configuration over the interval. */
  readonly seed: string;
  /** Told what became of each batch. */
  readonly onStored: (accepted: number, refused: readonly Rejection[]) => void;
}

/** A scrape that starts this close to its time is taken to have been in time: timestamps that step evenly take less room. */
const TOLERANCE_MS = 2;

/** Scrapes one target at its times, one scrape after the other. */
export class ScrapeLoop implements ScrapeTarget {
  readonly target: Target;
  readonly pool: string;
  health: ScrapeTarget['health'] = 'unknown';
  lastError = '';
  lastScrape: number | undefined;
  lastScrapeMs = 0;
  lastSamples = 0;
  missed = 0;
  /** Set: the target is not asked, only reported as down for this reason. */
  refusedFor: string | undefined;
  readonly #config: ScrapeConfig;
  readonly #connections: Connections;
  readonly #io: ScrapeIo;
  readonly #cache: SeriesCache;
  readonly #metadata: MetadataCache;
  readonly #report: ScrapeReport;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastTrouble = '';

  /** @param before loop of the same target under an earlier configuration; it must have been stopped */
  constructor(
    target: Target,
    config: ScrapeConfig,
    connections: Connections,
    io: ScrapeIo,
    before?: ScrapeLoop,
  ) {
    this.target = target;
    this.pool = config.jobName;
    this.#config = config;
    this.#connections = connections;
    this.#io = io;
    this.#cache = new SeriesCache(config, target.labels, before === undefined ? undefined : before.#cache);
    this.#metadata = before === undefined ? new MetadataCache() : before.#metadata;
    this.#report = new ScrapeReport(target, config);
    if (before === undefined) return;
    const { health, lastError, lastScrape, lastScrapeMs, lastSamples, missed } = before;
    Object.assign(this, { health, lastError, lastScrape, lastScrapeMs, lastSamples, missed });
  }

  get url(): string {
    return this.target.url;
  }
  get labels(): Target['labels'] {
    return this.target.labels;
  }
  get discoveredLabels(): Target['discoveredLabels'] {
    return this.target.discoveredLabels;
  }
  get intervalMs(): number {
    return this.target.intervalMs;
  }
  get timeoutMs(): number {
    return this.target.timeoutMs;
  }
  metadata(): readonly MetricMetadata[] {
    return this.#metadata.list();
  }

  start(): void {
    const { intervalMs, id } = this.target;
    const digest = createHash('sha1').update(`${this.#io.seed} ${id}`).digest();
    const phase = digest.readUIntBE(0, 6) % intervalMs;
    const now = Date.now();
    this.#schedule(Math.ceil((now - phase) / intervalMs) * intervalMs + phase);
  }

  /** Ends the scrape that runs; nothing of it is stored. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Series that the last scrape left, the report's own among them. */
  live(): SeriesRef[] {
    return this.lastScrape === undefined ? [] : [...this.#cache.live(), ...this.#report.series()];
  }

  holds(key: string): boolean {
    return !this.#stopping.signal.aborted && (this.#cache.holds(key) || this.#report.holds(key));
  }

  #schedule(due: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(
      () => {
        this.#running = this.#tick(due);
      },
      Math.max(0, due - Date.now()),
    );
  }

  async #tick(due: number): Promise<void> {
    const now = Date.now();
    const { intervalMs } = this.target;
    const isInTime = Math.abs(now - due) <= Math.min(intervalMs / 100, TOLERANCE_MS);
    await this.#scrape(isInTime ? due : now);
    const late = Date.now() - (due + intervalMs);
    // One that took a little longer than the interval is followed at once; what lies further back is not made up for.
    const missed = late < intervalMs / 10 ? 0 : Math.floor(late / intervalMs) + 1;
    if (missed > 0) {
      this.missed += missed;
      this.#io.metrics.missed(missed);
    }
    this.#schedule(due + (1 + missed) * intervalMs);
  }

  async #scrape(time: number): Promise<void> {
    const begun = performance.now();
    const counts: ScrapeCounts = { samples: 0, kept: 0, added: 0, repeated: 0, bytes: 0 };
    const columns = new SampleColumns();
    const rejections = new Rejections();
    let failure: Error | undefined;
    let stale: SeriesRef[] = [];
    try {
      await this.#read(time, counts, columns, rejections);
      stale = this.#cache.finish();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      failure = error instanceof Error ? error : new ScrapeError(String(error));
      if (failure instanceof ScrapeError && failure.isBodyTooLarge) counts.bytes = -1;
      counts.added = 0;
      columns.clear();
      stale = this.#cache.fail();
    }
    const durationMs = performance.now() - begun;
    for (const series of stale) {
      columns.begin(series);
      columns.pushStale(time);
    }
    this.#report.write(columns, time, { isUp: failure === undefined, durationMs, counts });
    this.lastScrape = time;
    this.lastScrapeMs = durationMs;
    this.lastSamples = counts.kept;
    this.health = failure === undefined ? 'up' : 'down';
    this.lastError = failure?.message ?? '';
    if (counts.repeated > 0)
      rejections.add('duplicate-timestamp', 'series that stand twice in one scrape', counts.repeated);
    await this.#store(columns, rejections);
  }

  async #read(
    now: number,
    counts: ScrapeCounts,
    columns: SampleColumns,
    rejections: Rejections,
  ): Promise<void> {
    if (this.refusedFor !== undefined) throw new ScrapeError(this.refusedFor);
    const config = this.#config;
    const options = {
      config,
      connections: this.#connections,
      userAgent: this.#io.userAgent,
      timeoutMs: this.target.timeoutMs,
      signal: this.#stopping.signal,
    };
    await fetchTarget(this.target.url, options, async ({ contentType, body }) => {
      const format = formatOf(contentType, config.fallbackProtocol);
      const cache = this.#cache;
      const metadata = this.#metadata;
      const reader = new ExpositionReader({
        ...{ format, config, cache, metadata, now, counts, columns, rejections },
      });
      const decoder = new TextDecoder('utf-8', { fatal: true });
      for await (const chunk of body) {
        counts.bytes += chunk.length;
        reader.write(utf8(decoder, chunk));
      }
      reader.write(utf8(decoder));
      reader.end();
    });
  }

  async #store(columns: SampleColumns, rejections: Rejections): Promise<void> {
    const { metrics, onStored, append } = this.#io;
    try {
      const result = await append(columns.take(this.#metadata.takeChanged()));
      const refused = [...rejections.list(), ...result.rejected];
      onStored(result.accepted, refused);
      metrics.scraped(this.health === 'up' ? 'ok' : 'failed');
      this.#trouble(refused.map(({ message, count }) => `${count} samples refused: ${message}`).join('; '));
    } catch (error) {
      metrics.scraped('not-stored');
      const why = `scraped, but not stored: ${error instanceof Error ? error.message : error}`;
      this.lastError = this.lastError === '' ? why : `${this.lastError}; ${why}`;
      this.#trouble(why);
    }
  }

  /** Logs what went wrong beside the scrape itself, when it is new. */
  #trouble(message: string): void {
    const kind = message.replace(/\d+/g, '#');
    if (message !== '' && kind !== this.#lastTrouble)
      this.#io.log.warn(`scraping: ${message}`, { ...targetName(this.target) });
    this.#lastTrouble = kind;
  }
}

function utf8(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new ScrapeError('its body is not valid UTF-8');
  }
}
