/**
 * How long the server's event loop is held, and by whom.
 *
 *   node bench/loop.ts [--seconds 120] [--warm 60] [--port 3170] [--data folder] [--demo] [--visit] [--over 50]
 *
 * Starts the server (with `--demo` the shop too; with `--visit` somebody looks at its pages), watches it and prints the holds longer than `--over` ms of CPU time
 * (what other programs on the machine take away is not counted).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Hold, type HoldReport, holders, sumHolders } from './loop-holders.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    warm: { type: 'string', default: '60' },
    port: { type: 'string', default: '3170' },
    over: { type: 'string', default: '50' },
    data: { type: 'string' },
    demo: { type: 'boolean', default: false },
    visit: { type: 'boolean', default: false },
  },
});
const ROOT = path.dirname(import.meta.dirname);
const over = Number(options.over);
const work = mkdtempSync(path.join(tmpdir(), 'chokepoint-loop-'));
const out = path.join(work, 'probe.json');

const server = spawn(
  process.execPath,
  [
    '--import',
    `./${path.join('bench', 'loop-probe.ts')}`,
    'bin/serve.ts',
    ...(options.demo ? ['--demo'] : []),
  ],
  {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: options.port,
      DEMO_PORT: process.env.DEMO_PORT ?? String(Number(options.port) + 1),
      CHOKEPOINT_DATA: options.data ?? path.join(work, 'data'),
      LOOP_PROBE_FILE: out,
    },
  },
);
const ended = new Promise<void>((resolve) => server.on('exit', () => resolve()));
const written = new Promise<void>((resolve) =>
  server.on('message', (message) => {
    if (message === 'written') resolve();
  }),
);

const table = (title: string, list: readonly { name: string; ms: number }[]): void => {
  console.log(`\n${title}`);
  for (const { name, ms } of list) console.log(`${ms.toFixed(0).padStart(8)} ms  ${name}`);
};

function report(all: readonly Hold[], reports: readonly HoldReport[]): void {
  const start = all[0]?.from ?? 0;
  const quantiles = (msOf: (hold: Hold) => number): string => {
    const longest = new Map<number, number>();
    for (const hold of all) {
      const part = Math.floor((hold.from - start) / 10_000_000);
      longest.set(part, Math.max(longest.get(part) ?? 0, msOf(hold)));
    }
    const sorted = [...longest.values()].sort((a, b) => a - b);
    const at = (q: number): string => (sorted[Math.floor((sorted.length - 1) * q)] ?? 0).toFixed(0);
    return `p50 ${at(0.5)}, p90 ${at(0.9)}, max ${at(1)}`;
  };
  console.log(
    `\nlongest hold of each 10 s, ms: CPU ${quantiles((h) => h.cpuMs)}; wall ${quantiles((h) => (h.to - h.from) / 1000)}; ` +
      `${reports.length} holds over ${over} ms in ${options.seconds} s`,
  );
  for (const { hold, asked, ran } of reports.toSorted((a, b) => b.hold.cpuMs - a.hold.cpuMs).slice(0, 12)) {
    const line = (list: HoldReport['asked']) =>
      list.map(({ name, ms }) => `${name} ${ms.toFixed(0)}`).join(' | ');
    console.log(
      `\n${hold.cpuMs.toFixed(0)} ms CPU (${((hold.to - hold.from) / 1000).toFixed(0)} ms wall) asked by ${line(asked)}\n    ran ${line(ran)}`,
    );
  }
  table('who asked, over all holds', sumHolders(reports.map((r) => r.asked)));
  table('who worked', sumHolders(reports.map((r) => r.worked)));
  table('what ran', sumHolders(reports.map((r) => r.ran)));
}

const PAGES = [
  '/',
  '/services',
  '/traces',
  '/queries',
  '/findings',
  '/api/v1/services',
  '/api/v1/queries',
  '/api/v1/findings',
  '/api/v1/traces?limit=20',
  '/metrics',
];

/** One page a second, in turn, as somebody does who looks around during an incident. */
async function visit(until: AbortSignal): Promise<void> {
  const slowest = new Map<string, number>();
  for (let i = 0; !until.aborted; i++) {
    const page = PAGES[i % PAGES.length] ?? '/';
    const started = performance.now();
    const status = await fetch(`http://127.0.0.1:${options.port}${page}`).then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => 0,
    );
    const name = `${page} (${status})`;
    slowest.set(name, Math.max(slowest.get(name) ?? 0, performance.now() - started));
    await wait(1000, undefined, { signal: until }).catch(() => undefined);
  }
  table(
    'slowest answer to a visit',
    [...slowest].map(([name, ms]) => ({ name, ms })),
  );
}

async function main(): Promise<void> {
  await Promise.race([wait(Number(options.warm) * 1000), ended]);
  server.send('begin');
  const end = new AbortController();
  const visits = options.visit ? visit(end.signal) : undefined;
  await Promise.race([wait(Number(options.seconds) * 1000), ended]);
  end.abort();
  await visits;
  server.send('finish');
  await Promise.race([written, ended]);
  server.kill('SIGTERM');
  await ended;
  const { holds, profile } = JSON.parse(readFileSync(out, 'utf8'));
  const long = (holds as Hold[]).filter((h) => h.cpuMs > over);
  report(holds, holders(profile, long));
}

await main().finally(() => rmSync(work, { recursive: true, force: true }));
