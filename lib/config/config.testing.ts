import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, loadConfig } from './load.ts';
import type { ScrapeConfig } from './scrape-config.ts';

/** Loads a configuration from a folder with these files; the first is the main one. */
export function configOf(files: Readonly<Record<string, string>>): Config {
  const folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-config-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return loadConfig(path.join(folder, Object.keys(files)[0] ?? ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The only scrape config, given without its `job_name`. */
export function jobOf(yaml: string, global = ''): ScrapeConfig {
  const lines = yaml.split('\n').map((line) => `    ${line}\n`);
  const [job] = configOf({
    'c.yml': `${global}\nscrape_configs:\n  - job_name: shop\n${lines.join('')}`,
  }).scrapeConfigs;
  if (job === undefined) throw new Error('no scrape config');
  return job;
}
