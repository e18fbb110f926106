/**
 * How long a server takes to come back with data in store: after an orderly stop and after kill -9, with the page
 * cache dropped and warm.
 *
 *   node bench/restart.ts [--servers chokepoint,prometheus,victoria-metrics] [--series 2000] [--hours 24]
 *                         [--step 15] [--runs 3] [--cpu 0] [--port 3181]
 *
 * Fills each server with the same kind of data, ending now, then restarts it. `ready` is the time until its ready
 * page answers, `data` until a query counts every series. Figures are medians.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeRequests } from './ingest-bodies.ts';
import { dropPageCache, RunningServer, type ServerName, serverNames } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    servers: { type: 'string', default: 'chokepoint,prometheus,victoria-metrics' },
    series: { type: 'string', default: '2000' },
    hours: { type: 'string', default: '24' },
    step: { type: 'string', default: '15' },
    runs: { type: 'string', default: '3' },
    cpu: { type: 'string' },
    port: { type: 'string', default: '3181' },
  },
});
const SERIES = Number(options.series);
const STEP_MS = Number(options.step) * 1000;
const PORT = Number(options.port);
const SAMPLES_PER_BODY = 2000;
const DATA_TIMEOUT_MS = 30_000;
/** VictoriaMetrics does not show the newest 30 s. */
const ASKED_AGO_MS = 60_000;

async function fill(server: RunningServer, toMs: number): Promise<void> {
  const fromMs = toMs - Number(options.hours) * 3_600_000;
  const total = SERIES * Math.floor((toMs - fromMs) / STEP_MS);
  let sent = 0;
  for (const body of writeRequests(SERIES, SAMPLES_PER_BODY, STEP_MS, fromMs)) {
    const response = await fetch(`${server.base}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: new Uint8Array(body.bytes),
    });
    if (!response.ok) throw new Error(`${server.base}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    sent += body.items;
    if (sent >= total) return;
  }
}

/** Milliseconds until a query sees every series; infinite when that does not happen. */
async function untilData(server: RunningServer, atMs: number): Promise<number> {
  const started = performance.now();
  const query = encodeURIComponent('count({__name__=~".+"})');
  while (performance.now() - started < DATA_TIMEOUT_MS) {
    const response = await fetch(
      `${server.base}/api/v1/query?query=${query}&time=${(atMs - ASKED_AGO_MS) / 1000}&nocache=1`,
    );
    const body = await response.text();
    if (response.ok && Number(JSON.parse(body).data.result[0]?.value[1]) === SERIES)
      return server.readyMs + performance.now() - started;
    await wait(10);
  }
  return Number.POSITIVE_INFINITY;
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

async function restarts(name: ServerName, stored: string, kind: string, cold: boolean, atMs: number) {
  const runs = [];
  for (let run = 0; run < Number(options.runs); run++) {
    const dir = `${stored}-run`;
    cpSync(stored, dir, { recursive: true });
    if (cold && !dropPageCache()) return undefined;
    const server = await RunningServer.start(name, dir, PORT, options.cpu);
    const data = await untilData(server, atMs);
    const { rssMb, cpuSeconds } = server.usage();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
    runs.push({ ready: server.readyMs, data, rssMb, cpuSeconds });
  }
  return {
    server: name,
    after: kind,
    cache: cold ? 'cold' : 'warm',
    'ready ms': Math.round(median(runs.map((r) => r.ready))),
    'data ms': Math.round(median(runs.map((r) => r.data))),
    'CPU s': Math.round(median(runs.map((r) => r.cpuSeconds)) * 100) / 100,
    'RSS MiB': Math.round(median(runs.map((r) => r.rssMb))),
  };
}

const rows = [];
for (const name of serverNames(options.servers)) {
  const home = mkdtempSync(path.join(tmpdir(), `bench-restart-${name}-`));
  try {
    const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const stored = path.join(home, signal);
      const server = await RunningServer.start(name, stored, PORT, options.cpu);
      await fill(server, now);
      await server.stop(signal);
      const kind = signal === 'SIGTERM' ? 'a stop' : 'kill -9';
      for (const cold of [true, false]) {
        const row = await restarts(name, stored, kind, cold, now);
        if (row === undefined) console.error('the page cache cannot be dropped here: no cold runs');
        else rows.push(row);
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
console.table(rows);
process.exit(0);
