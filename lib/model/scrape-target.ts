import type { Labels } from './labels.ts';
import type { MetricMetadata } from './metrics.ts';

/** A target that is scraped. */
export interface ScrapeTarget {
  /** The scrape config it comes from: its `job_name`. */
  readonly pool: string;
  /** With its query parameters, without credentials. */
  readonly url: string;
  /** Labels that its samples carry, after relabelling. */
  readonly labels: Labels;
  /** Before relabelling, with the `__…` ones. */
  readonly discoveredLabels: Labels;
  /** `unknown` until it was scraped once. */
  readonly health: 'up' | 'down' | 'unknown';
  /** Why the last scrape failed, in words; empty when it did not. */
  readonly lastError: string;
  /** Start of the last scrape, ms since the epoch; undefined before the first. */
  readonly lastScrape: number | undefined;
  readonly lastScrapeMs: number;
  /** Samples that the last scrape left after metric relabelling. */
  readonly lastSamples: number;
  /** Scrapes left out so far because one took too long. */
  readonly missed: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** What the target itself said of its metrics in the last scrape that worked. */
  metadata(): readonly MetricMetadata[];
}

/** A discovered target that relabelling dropped. */
export interface DroppedTarget {
  readonly pool: string;
  readonly discoveredLabels: Labels;
}

export interface ScrapeTargets {
  /** Names of all scrape configs, also of those without targets. */
  readonly pools: readonly string[];
  readonly active: readonly ScrapeTarget[];
  /** At most as many as are kept for show; `droppedCounts` has them all. */
  readonly dropped: readonly DroppedTarget[];
  /** Dropped targets by pool. */
  readonly droppedCounts: ReadonlyMap<string, number>;
  /** By pool: addresses that cannot be targets, files and names that could not be read. */
  readonly problems?: ReadonlyMap<string, readonly string[]>;
}
