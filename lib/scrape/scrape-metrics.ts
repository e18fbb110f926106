import { Counter, Gauge, type Registry } from 'prom-client';
import type { ScrapeTarget } from '#lib/model/scrape-target.ts';

/** What scraping says of itself on `/metrics`. */
export class ScrapeMetrics {
  readonly #scrapes: Counter<'outcome'>;
  readonly #missed: Counter;

  constructor(registry: Registry, targets: () => readonly ScrapeTarget[]) {
    const registers = [registry];
    this.#scrapes = new Counter({
      name: 'chokepoint_scrapes_total',
      help: 'Scrapes done, by outcome: ok, failed, or not-stored',
      labelNames: ['outcome'],
      registers,
    });
    this.#missed = new Counter({
      name: 'chokepoint_scrapes_missed_total',
      help: 'Scrapes left out because the one before, or its storing, took longer than the interval',
      registers,
    });
    new Gauge({
      name: 'chokepoint_scrape_targets',
      help: 'Targets that are scraped, by health',
      labelNames: ['health'],
      registers,
      collect() {
        this.reset();
        for (const { health } of targets()) this.inc({ health });
      },
    });
  }

  scraped(outcome: 'ok' | 'failed' | 'not-stored'): void {
    this.#scrapes.inc({ outcome });
  }

  missed(count: number): void {
    this.#missed.inc(count);
  }
}
