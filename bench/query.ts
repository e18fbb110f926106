/**
 * How long dashboard queries take, of several servers side by side on the same data, and how far their answers are apart.
 *
 *   node bench/query.ts [--servers chokepoint,prometheus,victoria-metrics] [--series 2000] [--hours 24] [--cpu 0]
 *   node bench/query.ts --urls http://127.0.0.1:3000,http://127.0.0.1:9090 --end 1700000000 [--queries list.json]
 *                       [--ranges 1h,6h,24h] [--points 300] [--runs 5]
 *
 * The first form starts the servers and fills them alike; the second asks servers that run (`--queries` is a JSON list
 * of [name, PromQL]; without it the queries fit the data of the first form). Milliseconds:
 * `cold` the first run, for servers started here after a restart with the page cache dropped; `warm` the median of the
 * next runs, asked with nocache=1; `kept` the median when the server may use answers it has kept.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { parseDuration } from '#lib/model/time-range.ts';
import { apart, type Matrix } from './apart.ts';
import { writeRequests } from './ingest-bodies.ts';
import { dropPageCache, RunningServer, serverNames } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    servers: { type: 'string', default: 'chokepoint,prometheus' },
    urls: { type: 'string' },
    queries: { type: 'string' },
    series: { type: 'string', default: '2000' },
    hours: { type: 'string', default: '24' },
    ranges: { type: 'string', default: '1h,6h,24h' },
    points: { type: 'string', default: '300' },
    runs: { type: 'string', default: '5' },
    end: { type: 'string' },
    cpu: { type: 'string' },
    port: { type: 'string', default: '3191' },
  },
});
const STEP_MS = 15_000;
/** Samples stand beside the evaluation times: whether the edge of a window belongs to it differs between Prometheus 2 and 3. */
const BESIDE_MS = 7003;
const BUCKET = 'http_server_request_duration_seconds_bucket';

const QUERIES: readonly (readonly [name: string, query: string])[] = [
  ['one series', 'open_fds{number="7"}'],
  ['a gauge of all', 'open_fds'],
  ['rate by job', `sum by (job) (rate(${BUCKET}[5m]))`],
  ['rate by route', `sum by (http_route) (rate(${BUCKET}{le!="0.005"}[2m]))`],
  ['p95', `histogram_quantile(0.95, sum by (le) (rate(${BUCKET}[5m])))`],
  ['p99 by route', `histogram_quantile(0.99, sum by (le, http_route) (rate(${BUCKET}[5m])))`],
  ['increase of an hour', `sum by (http_route) (increase(${BUCKET}[1h]))`],
  ['ratio', `sum(rate(${BUCKET}{le="0.01"}[5m])) / sum(rate(${BUCKET}[5m]))`],
  ['average over time', 'avg by (job) (avg_over_time(open_fds[10m]))'],
  ['largest', 'topk(5, sum by (instance) (lag_seconds))'],
  ['regex', `sum by (http_route) (rate(${BUCKET}{http_route=~".*resource-[1-3].*"}[5m]))`],
  ['an hour ago', 'avg(lag_seconds) - avg(lag_seconds offset 1h)'],
  ['join', 'sum by (instance) (open_fds) / on (instance) count by (instance) (open_fds)'],
  ['subquery', `max_over_time(sum(rate(${BUCKET}[5m]))[30m:5m])`],
  ['spread', 'quantile(0.9, lag_seconds) - quantile(0.1, lag_seconds)'],
  ['count', 'count by (job) ({__name__=~"open_fds|lag_seconds"})'],
];

interface Peer {
  readonly name: string;
  readonly base: string;
}

interface Timing {
  readonly cold: number;
  readonly warm: number;
  readonly kept: number;
  readonly answer: Matrix;
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

async function fill(peers: readonly Peer[], fromMs: number, toMs: number): Promise<void> {
  const total = Number(options.series) * Math.floor((toMs - fromMs) / STEP_MS);
  let sent = 0;
  for (const { bytes, items } of writeRequests(Number(options.series), 2000, STEP_MS, fromMs)) {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    };
    const send = async ({ name, base }: Peer): Promise<void> => {
      const response = await fetch(`${base}/api/v1/write`, {
        method: 'POST',
        headers,
        body: new Uint8Array(bytes),
      });
      if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    };
    await Promise.all(peers.map(send));
    sent += items;
    if (sent >= total) return;
  }
}

async function ask({ name, base }: Peer, query: string, fromMs: number, toMs: number, nocache: boolean) {
  const step = Math.max(STEP_MS, Math.round((toMs - fromMs) / Number(options.points) / 1000) * 1000);
  // Aligned, as Grafana asks.
  const [start, end] = [fromMs, toMs].map((ms) => String((Math.floor(ms / step) * step) / 1000));
  const body = new URLSearchParams({ query, start: start ?? '', end: end ?? '', step: String(step / 1000) });
  if (nocache) body.set('nocache', '1');
  const started = performance.now();
  const response = await fetch(`${base}/api/v1/query_range`, { method: 'POST', body });
  const text = await response.text();
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`${name}: ${query}: ${text.slice(0, 300)}`);
  return { ms, answer: JSON.parse(text).data.result as Matrix };
}

async function timed(peer: Peer, query: string, fromMs: number, toMs: number): Promise<Timing> {
  const { ms: cold, answer } = await ask(peer, query, fromMs, toMs, true);
  const median5 = async (nocache: boolean): Promise<number> => {
    const all: number[] = [];
    for (let run = 0; run < Number(options.runs); run++)
      all.push((await ask(peer, query, fromMs, toMs, nocache)).ms);
    return median(all);
  };
  const warm = await median5(true);
  await ask(peer, query, fromMs, toMs, false);
  return { cold, warm, kept: await median5(false), answer };
}

async function compare(peers: readonly Peer[], endMs: number): Promise<void> {
  const list: typeof QUERIES = options.queries ? JSON.parse(readFileSync(options.queries, 'utf8')) : QUERIES;
  const rows: Record<string, string | number>[] = [];
  for (const range of options.ranges.split(',')) {
    const fromMs = endMs - (parseDuration(range) ?? 0);
    const sums = new Map<string, number>();
    for (const [name, query] of list) {
      const row: Record<string, string | number> = { query: name, range };
      let first: Matrix | undefined;
      for (const peer of peers) {
        const timing = await timed(peer, query, fromMs, endMs);
        for (const kind of ['cold', 'warm', 'kept'] as const) {
          const column = `${peer.name} ${kind}`;
          row[column] = Number(timing[kind].toPrecision(3));
          sums.set(column, (sums.get(column) ?? 0) + timing[kind]);
        }
        if (first) row[`${peer.name} apart`] = apart(first, timing.answer);
        first ??= timing.answer;
      }
      rows.push(row);
    }
    rows.push({
      query: 'sum',
      range,
      ...Object.fromEntries([...sums].map(([k, ms]) => [k, Math.round(ms)])),
    });
  }
  console.table(rows);
}

if (options.urls) {
  const peers = options.urls.split(',').map((base) => ({ name: new URL(base).host, base }));
  await compare(peers, options.end ? Number(options.end) * 1000 : Date.now());
} else {
  const home = mkdtempSync(path.join(tmpdir(), 'bench-query-'));
  const start = (): Promise<{ name: string; base: string; server: RunningServer }[]> =>
    Promise.all(
      serverNames(options.servers).map(async (name, i) => {
        const server = await RunningServer.start(
          name,
          path.join(home, name),
          Number(options.port) + i,
          options.cpu,
        );
        return { name, base: server.base, server };
      }),
    );
  try {
    const endMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
    const filled = await start();
    const beginMs = endMs - Number(options.hours) * 3_600_000 - BESIDE_MS;
    await fill(filled, beginMs, endMs - BESIDE_MS);
    await Promise.all(filled.map(({ server }) => server.stop()));
    if (!dropPageCache())
      console.error('the page cache cannot be dropped here: cold is after a restart only');
    const running = await start();
    await compare(running, endMs);
    await Promise.all(running.map(({ server }) => server.stop()));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
process.exit(0);
