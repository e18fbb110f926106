/**
 * What the running server takes in and what that costs: metrics (remote_write), traces (OTLP), then both at once.
 *
 *   node bench/ingest.ts [--base http://127.0.0.1:3000] [--seconds 15] [--in-flight 4] [--series 20000]
 *                        [--only metrics|spans|both] [--rest 60]
 *
 *   node bench/ingest.ts --servers chokepoint,prometheus,victoria-metrics [--url http://127.0.0.1:9090/api/v1/write#<pid>]
 *                        [--series 10000] [--samples 4000000] [--in-flight 4] [--runs 3] [--cpu 0]
 *
 * With `--servers` or `--url` the same remote_write bodies go to each of them in turn (those named are started on empty
 * folders), and the medians of samples/s and CPU seconds per million samples stand side by side.
 *
 * Otherwise, without `--base`, it starts a server of its own on an empty folder. It fills the server it is pointed at with made-up
 * data: never point it at one whose data you keep. Answers to ordinary questions are timed meanwhile.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Body, traceRequests, writeRequests } from './ingest-bodies.ts';
import { comparePeers } from './ingest-peers.ts';
import { serverNames } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string' },
    port: { type: 'string', default: '3171' },
    seconds: { type: 'string', default: '15' },
    'in-flight': { type: 'string', default: '4' },
    series: { type: 'string', default: '20000' },
    only: { type: 'string' },
    rest: { type: 'string', default: '60' },
    servers: { type: 'string' },
    url: { type: 'string', multiple: true, default: [] },
    samples: { type: 'string', default: '4000000' },
    runs: { type: 'string', default: '3' },
    cpu: { type: 'string' },
  },
});
if (options.servers !== undefined || options.url.length > 0) {
  await comparePeers({
    servers: options.servers === undefined ? [] : serverNames(options.servers),
    urls: options.url,
    series: Number(options.series),
    samples: Number(options.samples),
    inFlight: Number(options['in-flight']),
    runs: Number(options.runs),
    cpu: options.cpu,
    port: Number(options.port),
  });
  process.exit();
}
const base = new URL(options.base ?? `http://127.0.0.1:${options.port}`);
if (!['127.0.0.1', 'localhost', '[::1]'].includes(base.hostname))
  throw new Error(`${base.hostname} is not this machine: load is sent to loopback only`);
const SECONDS = Number(options.seconds);
const IN_FLIGHT = Number(options['in-flight']);
const STEP_MS = 15_000;
const HISTORY_MS = 6 * 3_600_000;
const ASK_EVERY_MS = 100;
const agent = new Agent({ keepAlive: true });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

function send(
  method: string,
  where: string,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(new URL(where, base), { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - started }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface ServerState {
  readonly cpuSeconds: number;
  readonly rssMb: number;
  /** s, of the last seconds before the scrape */
  readonly lagMax: number;
}

async function look(): Promise<ServerState> {
  const { text } = await send('GET', '/metrics', {});
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    rssMb: value('process_resident_memory_bytes') / 2 ** 20,
    lagMax: value('nodejs_eventloop_lag_max_seconds'),
  };
}

const METRICS = {
  path: '/api/v1/write',
  headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
};
const TRACES = { path: '/v1/traces', headers: { 'content-type': 'application/x-protobuf' } };

interface Source {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly bodies: Generator<Body>;
}

const quantile = (sorted: readonly number[], q: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0) * 10) / 10;

const latencies = (list: readonly number[]) => {
  const sorted = list.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) };
};

async function phase(label: string, sources: readonly Source[]): Promise<void> {
  const until = performance.now() + SECONDS * 1000;
  const times: number[] = [];
  const asked: number[] = [];
  const statuses = new Map<number, number>();
  const items = sources.map(() => 0);
  let rssMb = 0;
  let lagMax = 0;
  const before = await look();
  const own = process.cpuUsage();
  const client = async (source: Source, i: number): Promise<void> => {
    while (performance.now() < until) {
      const body: Body = source.bodies.next().value;
      const { status, ms } = await send('POST', source.path, source.headers, body.bytes);
      times.push(ms);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status < 300) items[i] = (items[i] ?? 0) + body.items;
      else await wait(200);
    }
  };
  const ask = async (): Promise<void> => {
    for (let n = 0; performance.now() < until; n++) {
      if (n % 10 === 0) {
        const state = await look();
        rssMb = Math.max(rssMb, state.rssMb);
        lagMax = Math.max(lagMax, state.lagMax);
      }
      const { ms } = await send(
        'GET',
        `/api/v1/query?query=${encodeURIComponent('lag_seconds{number="9"}')}`,
        {},
      );
      asked.push(ms);
      await wait(ASK_EVERY_MS);
    }
  };
  const started = performance.now();
  await Promise.all([
    ask(),
    ...sources.flatMap((source, i) => Array.from({ length: IN_FLIGHT }, () => client(source, i))),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const after = await look();
  const { user, system } = process.cpuUsage(own);
  const all = items.reduce((a, b) => a + b, 0);
  console.log(
    JSON.stringify({
      what: label,
      perSecond: items.map((n) => Math.round(n / seconds)),
      cpuSecondsPerMillion: Number((((after.cpuSeconds - before.cpuSeconds) / all) * 1e6).toFixed(2)),
      serverCores: Number(((after.cpuSeconds - before.cpuSeconds) / seconds).toFixed(2)),
      clientCores: Number(((user + system) / 1e6 / seconds).toFixed(2)),
      requestMs: latencies(times),
      queryMs: latencies(asked),
      loopLagMaxMs: Math.round(lagMax * 1000),
      rssMb: Math.round(Math.max(rssMb, after.rssMb)),
      statuses: Object.fromEntries(statuses),
    }),
  );
}

async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-ingest-'));
  const child = spawn(process.execPath, ['bin/start.mjs'], {
    cwd: path.dirname(import.meta.dirname),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: base.port, CHOKEPOINT_DATA: folder },
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  for (let i = 0; ; i++) {
    const answer = await send('GET', '/readyz', {}).catch(() => undefined);
    if (answer?.status === 200) break;
    if (i > 600 || child.exitCode !== null) throw new Error('the server did not start');
    await wait(100);
  }
  return async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

const stop = options.base === undefined ? await start() : async () => undefined;
try {
  const metrics: Source = {
    ...METRICS,
    bodies: writeRequests(Number(options.series), 2000, STEP_MS, Date.now() - HISTORY_MS),
  };
  const spans: Source = { ...TRACES, bodies: traceRequests(60, Date.now) };
  const wants = (name: string): boolean => options.only === undefined || options.only === name;
  console.log(JSON.stringify({ what: 'idle', rssMb: Math.round((await look()).rssMb) }));
  if (wants('metrics')) await phase('samples', [metrics]);
  if (wants('spans')) await phase('spans', [spans]);
  if (wants('both')) await phase('samples and spans', [metrics, spans]);
  await wait(Number(options.rest) * 1000);
  console.log(JSON.stringify({ what: `${options.rest} s after`, rssMb: Math.round((await look()).rssMb) }));
} finally {
  agent.destroy();
  await stop();
}
