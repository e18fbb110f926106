/** The same remote_write bodies to one server after another: samples a second, and CPU seconds a million of them cost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Body, writeRequests } from './ingest-bodies.ts';
import { processUsage, RunningServer, type ServerName } from './servers.ts';

const PER_BODY = 2000;
const STEP_MS = 15_000;
const MAX_TRIES = 50;

export interface PeerOptions {
  readonly servers: readonly ServerName[];
  /** Running servers: `http://127.0.0.1:9090/api/v1/write`, with `#<pid>` behind it to know their CPU time. */
  readonly urls: readonly string[];
  readonly series: number;
  readonly samples: number;
  readonly inFlight: number;
  readonly runs: number;
  /** Core of the servers; the client is bound by whoever starts it (`taskset -c 1 node …`). */
  readonly cpu: string | undefined;
  readonly port: number;
}

interface Usage {
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

interface Run {
  readonly samplesPerSecond: number;
  readonly cpuPerMillion: number;
  readonly rssMb: number;
  readonly p99Ms: number;
  readonly refused: number;
}

export async function comparePeers(options: PeerOptions): Promise<void> {
  const shards = shardsOf(options);
  const runs = new Map<string, Run[]>();
  const note = (name: string, run: Run): void => {
    runs.set(name, [...(runs.get(name) ?? []), run]);
  };
  let { port } = options;
  for (let i = 0; i < options.runs; i++) {
    for (const name of options.servers) {
      const dir = mkdtempSync(path.join(tmpdir(), 'chokepoint-ingest-'));
      const server = await RunningServer.start(name, dir, port++, options.cpu);
      try {
        await wait(1000);
        note(name, await send(`${server.base}/api/v1/write`, shards, () => server.usage()));
      } finally {
        await server.stop();
        rmSync(dir, { recursive: true, force: true });
      }
    }
    for (const url of options.urls) {
      const [address = '', pid] = url.split('#', 2);
      note(address, await send(address, shards, () => (pid ? processUsage(Number(pid)) : undefined)));
    }
  }
  const rows = [...runs].map(([name, list]) => {
    const median = (pick: (run: Run) => number): number =>
      list.map(pick).toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
    return {
      server: name,
      'samples/s': Math.round(median((run) => run.samplesPerSecond)),
      'CPU s per million': Number(median((run) => run.cpuPerMillion).toFixed(3)),
      'RSS MiB': Math.round(median((run) => run.rssMb)),
      'p99 ms': Number(median((run) => run.p99Ms).toFixed(1)),
      refused: median((run) => run.refused),
    };
  });
  console.table(rows);
}

/** Bodies in lists that are each sent in order, so that no series ever goes back in time. */
function shardsOf({ series, samples, inFlight }: PeerOptions): Body[][] {
  const perScrape = Math.ceil(series / PER_BODY);
  const scrapes = Math.max(1, Math.round(samples / series));
  const shards = Array.from({ length: Math.min(inFlight, perScrape) }, (): Body[] => []);
  const bodies = writeRequests(series, PER_BODY, STEP_MS, Date.now() - scrapes * STEP_MS);
  for (let i = 0; i < scrapes * perScrape; i++)
    shards[(i % perScrape) % shards.length]?.push(bodies.next().value as Body);
  return shards;
}

async function send(url: string, shards: readonly Body[][], usage: () => Usage | undefined): Promise<Run> {
  const { hostname } = new URL(url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Error(`${hostname} is not this machine: load is sent to loopback only`);
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  let taken = 0;
  let refused = 0;
  const before = usage();
  const started = performance.now();
  await Promise.all(
    shards.map(async (shard) => {
      for (const { bytes, items } of shard) {
        const from = performance.now();
        const status = await post(url, bytes, agent);
        times.push(performance.now() - from);
        if (status < 300) taken += items;
        else refused += items;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const after = usage();
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    samplesPerSecond: taken / seconds,
    cpuPerMillion: (((after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? 0)) / taken) * 1e6,
    rssMb: after?.rssMb ?? Number.NaN,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    refused,
  };
}

/** Status of the answer; an overloaded server (5xx) is asked again, as senders do. */
async function post(url: string, body: Buffer, agent: Agent): Promise<number> {
  for (let tries = 1; ; tries++) {
    const status = await new Promise<number>((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
        'content-length': String(body.length),
      };
      request(url, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });
    if (status < 500 || tries === MAX_TRIES) return status;
    await wait(100);
  }
}
