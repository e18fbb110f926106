/**
 * What the store takes and what it costs on disk, without HTTP and decoding:
 * `node bench/store-append.ts [metrics|spans|all] [seconds of load]`; with DATABASE_URL (an empty database) on PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type MetricBatch, seriesRef } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import { createLog } from '#lib/platform/log.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';

const what = process.argv[2] ?? 'all';
const databaseUrl = process.env.DATABASE_URL;
const SECONDS = Number(process.argv[3] ?? 6);
const IN_FLIGHT = 4;
const SERIES = 2000;
const STEP_MS = 15_000;

/** Small, fast, repeatable random numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Scrapes of a fleet: 70 % histogram buckets and counters, 20 % whole gauges, 10 % gauges with all their digits. */
function* scrapes(start: number): Generator<MetricBatch> {
  const next = random(1);
  const refs = Array.from({ length: SERIES }, (_, i) =>
    seriesRef([
      [
        '__name__',
        i % 10 < 7 ? 'http_request_duration_seconds_bucket' : i % 10 < 9 ? 'open_fds' : 'lag_seconds',
      ],
      ['instance', `10.0.0.${i % 20}:9090`],
      ['le', String(i % 14)],
      ['number', String(i)],
      ['service', `service-${i % 40}`],
    ]),
  );
  const values = new Float64Array(SERIES);
  for (let at = start; ; at += STEP_MS) {
    for (let i = 0; i < SERIES; i++) {
      const before = values[i] ?? 0;
      values[i] =
        i % 10 < 7 ? before + Math.floor(next() * (i % 5)) : i % 10 < 9 ? Math.floor(next() * 50) : next();
    }
    yield {
      series: refs,
      offsets: Uint32Array.from({ length: SERIES + 1 }, (_, i) => i),
      timestamps: new Float64Array(SERIES).fill(at),
      values: values.slice(),
      metadata: [],
    };
  }
}

const digits = (next: () => number, n: number): string =>
  Array.from({ length: n }, () => Math.floor(next() * 16).toString(16)).join('');

/** Traces of seven spans over four services, 20 to a batch. */
function* traces(startMs: number): Generator<Span[]> {
  const next = random(2);
  const resources = ['frontend', 'checkout', 'payments', 'postgres-proxy'].map((service) => ({
    service,
    instance: `${service}-1`,
    attributes: [
      ['service.name', service],
      ['telemetry.sdk.language', 'nodejs'],
      ['host.name', `${service}-1`],
    ] as [string, string][],
  }));
  for (let n = 0; ; n++) {
    const batch: Span[] = [];
    for (let t = 0; t < 20; t++) {
      const traceId = digits(next, 32);
      let parentSpanId = '';
      const startUs = (startMs + (n * 20 + t) * 10) * 1000;
      for (let s = 0; s < 7; s++) {
        const spanId = digits(next, 16);
        const resource = resources[s % 4];
        if (resource === undefined) continue;
        batch.push({
          traceId,
          spanId,
          parentSpanId,
          name: ['GET /', 'checkout', 'POST /pay', 'SELECT orders'][s % 4] ?? '',
          kind: s % 2 ? 'client' : 'server',
          startUs: startUs + s * 500 + Math.floor(next() * 1000) / 4,
          durationUs: Math.floor(next() * 20_000_000) / 1000,
          status: next() < 0.02 ? 'error' : 'unset',
          statusMessage: '',
          attributes: [
            ['http.request.method', 'GET'],
            ['http.route', `/r/${s}`],
            ['http.response.status_code', 200],
            ['user.id', String(Math.floor(next() * 1e6))],
          ],
          events: [],
          links: [],
          traceState: '',
          resource,
          scope: { name: '@opentelemetry/instrumentation-http', version: '0.200.0' },
          warnings: [],
        });
        parentSpanId = spanId;
      }
    }
    yield batch;
  }
}

async function load<T>(
  label: string,
  batches: Generator<T>,
  append: (store: Store, batch: T) => Promise<number>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-bench-'));
  const quiet = createLog(() => undefined);
  const store = await openStore({
    dataDir: folder,
    databaseUrl,
    log: quiet,
    now: () => START + 40 * 86_400_000,
  });
  // Made beforehand, so that only the store is measured.
  const ready = Array.from({ length: 1500 }, () => batches.next().value as T);
  let items = 0;
  let next = 0;
  let slowest = 0;
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const client = async (): Promise<void> => {
    while (performance.now() - started < SECONDS * 1000) {
      const batch = ready[next++];
      if (batch === undefined) return;
      const before = performance.now();
      const taken = await append(store, batch);
      items += taken;
      slowest = Math.max(slowest, performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const logBytes = (await store.stats()).bytes;
  const beforeCompaction = performance.now();
  await store.compact();
  const compaction = performance.now() - beforeCompaction;
  await store.close();
  const after = await openStore({ dataDir: folder, databaseUrl, log: quiet });
  console.log(
    JSON.stringify({
      what: label,
      items,
      perSecond: Math.round(items / seconds),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      seconds: Number(seconds.toFixed(2)),
      slowestAppendMs: Math.round(slowest),
      logBytesPerItem: Number((logBytes / items).toFixed(2)),
      compactionMs: Math.round(compaction),
      fileBytesPerItem: Number(((await liveBytes(after, folder)) / items).toFixed(2)),
    }),
  );
  await after.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Bytes in use: the pages that the log left free stand ready for the next one. */
async function liveBytes(store: Store, folder: string): Promise<number> {
  const stats = await store.stats();
  if (stats.backend === 'postgresql') return stats.bytes;
  const { default: Sqlite } = await import('better-sqlite3');
  const file = new Sqlite(path.join(folder, 'chokepoint.db'), { readonly: true });
  const free =
    Number(file.pragma('freelist_count', { simple: true })) *
    Number(file.pragma('page_size', { simple: true }));
  file.close();
  return stats.bytes - free;
}

const START = Date.UTC(2026, 0, 1);
if (what !== 'spans')
  await load('samples', scrapes(START), async (store, batch) => (await store.appendMetrics(batch)).accepted);
if (what !== 'metrics')
  await load('spans', traces(START), async (store, batch) => (await store.appendSpans(batch)).accepted);
