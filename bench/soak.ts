/**
 * A long run at a steady rate with dashboards open: does ingest stay quick, and does memory stay where it is?
 *
 *   node bench/soak.ts [--minutes 60] [--rate 25000] [--series 50000] [--servers chokepoint] [--cpu 0] [--port 3191]
 *
 * Sends remote_write bodies of 2,000 samples, evenly spread over time, and asks a dashboard's range queries every
 * ten seconds. A line a minute; at the end the latencies of ingest and how far memory moved between the second
 * and the last sixth of the run (the first one still fills).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeRequests } from './ingest-bodies.ts';
import { RunningServer, serverNames } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '25000' },
    series: { type: 'string', default: '50000' },
    servers: { type: 'string', default: 'chokepoint' },
    cpu: { type: 'string' },
    port: { type: 'string', default: '3191' },
  },
});
const RATE = Number(options.rate);
const SERIES = Number(options.series);
const MINUTES = Number(options.minutes);
const SAMPLES_PER_BODY = 2000;
const DASHBOARD_EVERY_MS = 10_000;
const METRIC = 'http_server_request_duration_seconds';
const DASHBOARD = [
  `sum by (job) (rate(${METRIC}_bucket{le="0.64"}[5m]))`,
  `histogram_quantile(0.95, sum by (le, http_route) (rate(${METRIC}_bucket{job="service-1"}[5m])))`,
  'max by (job) (open_fds{job=~"service-[0-9]"})',
  'avg(lag_seconds)',
];
const agent = new Agent({ keepAlive: true });

interface Answer {
  readonly status: number;
  readonly ms: number;
}

function send(method: string, url: string, headers: Record<string, string>, body?: Buffer): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, ms: performance.now() - started }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const quantile = (list: readonly number[], q: number): number => {
  const sorted = list.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0) * 10) / 10;
};

async function soak(server: RunningServer, name: string): Promise<Record<string, string | number>> {
  const stepMs = Math.round((SERIES / RATE) * 1000);
  const bodies = writeRequests(SERIES, SAMPLES_PER_BODY, stepMs, Date.now());
  const ended = new AbortController();
  const started = performance.now();
  const until = started + MINUTES * 60_000;
  const all: number[] = [];
  const asked: number[] = [];
  let minute: number[] = [];
  let failed = 0;
  let samples = 0;
  const rss: number[] = [];

  const ingest = async (): Promise<void> => {
    const open = new Set<Promise<void>>();
    for (let at = started; at < until; at += (SAMPLES_PER_BODY / RATE) * 1000) {
      const ahead = at - performance.now();
      if (ahead > 0) await wait(ahead);
      const body = bodies.next().value;
      if (body === undefined) return;
      const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
      const one: Promise<void> = send('POST', `${server.base}/api/v1/write`, headers, body.bytes).then(
        ({ status, ms }) => {
          if (status >= 300) failed++;
          samples += body.items;
          all.push(ms);
          minute.push(ms);
        },
        () => {
          failed++;
        },
      );
      open.add(one);
      void one.then(() => open.delete(one));
    }
    await Promise.all(open);
  };
  const dashboards = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const now = Math.floor(Date.now() / 1000);
      for (const query of DASHBOARD) {
        const range = `start=${now - 3600}&end=${now}&step=15`;
        const { ms } = await send(
          'GET',
          `${server.base}/api/v1/query_range?query=${encodeURIComponent(query)}&${range}`,
          {},
        );
        asked.push(ms);
      }
      await wait(DASHBOARD_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const watch = async (): Promise<void> => {
    for (let m = 1; !ended.signal.aborted; m++) {
      await wait(60_000, undefined, { signal: ended.signal }).catch(() => undefined);
      const { rssMb, cpuSeconds } = server.usage();
      rss.push(rssMb);
      console.log(
        `${name} minute ${m}: ingest p50 ${quantile(minute, 0.5)} p99 ${quantile(minute, 0.99)} max ${quantile(minute, 1)} ms, RSS ${Math.round(rssMb)} MiB, CPU ${Math.round(cpuSeconds)} s, failed ${failed}`,
      );
      minute = [];
    }
  };
  const others = [dashboards(), watch()];
  await ingest();
  ended.abort();
  await Promise.all(others);
  const sixth = Math.max(1, Math.floor(rss.length / 6));
  const early = quantile(rss.slice(sixth, 2 * sixth), 0.5);
  const late = quantile(rss.slice(-sixth), 0.5);
  return {
    server: name,
    samples,
    failed,
    'ingest p50 ms': quantile(all, 0.5),
    'ingest p99 ms': quantile(all, 0.99),
    'ingest max ms': quantile(all, 1),
    'dashboard p50 ms': quantile(asked, 0.5),
    'dashboard p99 ms': quantile(asked, 0.99),
    'RSS early MiB': Math.round(early),
    'RSS late MiB': Math.round(late),
    'drift %': Math.round(((late - early) / early) * 1000) / 10,
  };
}

for (const name of serverNames(options.servers)) {
  const dir = mkdtempSync(path.join(tmpdir(), `bench-soak-${name}-`));
  const server = await RunningServer.start(name, dir, Number(options.port), options.cpu);
  try {
    console.table([await soak(server, name)]);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
process.exit(0);
