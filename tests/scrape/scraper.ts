import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { loadConfig } from '#lib/config/load.ts';
import { labelsObject } from '#lib/model/labels.ts';
import { isStale, type MetricBatch, wordsOf } from '#lib/model/metrics.ts';
import type { ScrapeTarget } from '#lib/model/scrape-target.ts';
import { createLog } from '#lib/platform/log.ts';
import { ScrapeManager } from '#lib/scrape/manager.ts';
import { ScrapeMetrics } from '#lib/scrape/scrape-metrics.ts';
import type { AppendResult } from '#lib/store/store.ts';

export interface Taken {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly at: number;
  readonly value: number | 'stale';
}

/** A scrape manager over a folder of its own, and what it handed to the store. */
export class Scraper {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-scrape-'));
  readonly batches: MetricBatch[] = [];
  readonly taken: Taken[] = [];
  readonly log: string[] = [];
  readonly registry = new Registry();
  readonly manager: ScrapeManager;

  constructor(
    append: (batch: MetricBatch) => Promise<AppendResult> = async () => ({ accepted: 0, rejected: [] }),
  ) {
    this.manager = new ScrapeManager({
      append: (batch) => {
        this.batches.push(batch);
        this.taken.push(...takenOf(batch));
        return append(batch);
      },
      log: createLog((line) => this.log.push(line)),
      metrics: new ScrapeMetrics(this.registry, () => this.manager.targets().active),
      userAgent: 'Chokepoint/test',
      onStored: () => undefined,
    });
  }

  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Puts a configuration in force: keys of one job in YAML, or whole `scrape_configs`. */
  apply(yaml: string): this {
    const text = yaml.includes('scrape_configs:')
      ? yaml
      : `global: {scrape_interval: 200ms, scrape_timeout: 150ms}\nscrape_configs:\n  - job_name: shop\n${yaml.replace(/^/gm, '    ')}`;
    this.manager.apply(loadConfig(this.write('config.yml', text)).scrapeConfigs);
    return this;
  }

  target(instance?: string): ScrapeTarget {
    const { active } = this.manager.targets();
    const found = active.find(
      ({ labels }) => instance === undefined || labelsObject(labels).instance === instance,
    );
    if (found === undefined) throw new Error(`no target ${instance ?? ''}`);
    return found;
  }

  of(name: string): Taken[] {
    return this.taken.filter((sample) => sample.name === name);
  }

  async stop(): Promise<void> {
    await this.manager.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function takenOf(batch: MetricBatch): Taken[] {
  const words = wordsOf(batch.values);
  return batch.series.flatMap(({ labels }, i) => {
    const { __name__: name = '', ...rest } = labelsObject(labels);
    const samples: Taken[] = [];
    for (let at = batch.offsets[i] ?? 0; at < (batch.offsets[i + 1] ?? 0); at++)
      samples.push({
        name,
        labels: rest,
        at: batch.timestamps[at] ?? 0,
        value: isStale(words, at) ? 'stale' : (batch.values[at] ?? 0),
      });
    return samples;
  });
}

/** Waits until the condition holds; fails with what it last saw. */
export async function until<T>(what: () => T | false | undefined, ms = 10_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = what();
    if (seen !== false && seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
