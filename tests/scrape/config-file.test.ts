import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigFile } from '#lib/config/config-file.ts';
import { until } from './scraper.ts';

let folder: string;
let file: string;
let log: string[];
let inForce: string[][];
let config: ConfigFile | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-config-'));
  file = path.join(folder, 'c.yml');
  log = [];
  inForce = [];
});
afterEach(() => {
  config?.stop();
  rmSync(folder, { recursive: true });
});

const write = (...jobs: string[]) =>
  writeFileSync(file, `scrape_configs: [${jobs.map((job) => `{job_name: ${job}}`).join(', ')}]`);

function open(): ConfigFile {
  config = new ConfigFile(file, {
    log: { info: (line) => log.push(line), error: (line) => log.push(line) },
    prepare: ({ scrapeConfigs }) => {
      const jobs = scrapeConfigs.map(({ jobName }) => jobName);
      if (jobs.includes('unwanted')) throw new Error('no unwanted jobs');
      return () => void inForce.push(jobs);
    },
  });
  return config;
}

test('a bad file at the start is refused', () => {
  writeFileSync(file, 'scrape_config: []');
  expect(open).toThrow(/c\.yml:1: .*did you mean 'scrape_configs'/);
});

test('a change is seen and put in force', async () => {
  write('a');
  open().watch();
  write('a', 'b');
  await until(() => inForce.length === 2);
  expect(inForce).toEqual([['a'], ['a', 'b']]);
});

test('a bad change keeps what was before, says so once, and a good one heals it', async () => {
  write('a');
  const opened = open();
  opened.watch();
  const { loadedAt } = opened.status();
  writeFileSync(file, 'global: {scrape_interval: soon}');
  await until(() => opened.status().error !== undefined);
  expect(opened.status()).toMatchObject({ loadedAt, error: expect.stringMatching(/c\.yml:1: .*"soon"/) });
  expect(opened.config().scrapeConfigs.map(({ jobName }) => jobName)).toEqual(['a']);
  expect(log).toHaveLength(1);
  write('c');
  await until(() => inForce.length === 2);
  expect(opened.status().error).toBeUndefined();
});

test('what cannot be put in force keeps what was before', async () => {
  write('a');
  const opened = open();
  write('unwanted');
  await expect(opened.reload()).rejects.toThrow('no unwanted jobs');
  expect(opened.config().scrapeConfigs).toHaveLength(1);
  expect(inForce).toEqual([['a']]);
});

test('asked for, it is put in force again though nothing changed', async () => {
  write('a');
  await open().reload();
  expect(inForce).toEqual([['a'], ['a']]);
});
