/** Servers that the benchmarks start themselves: ours, and the peers where they are installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

interface Command {
  readonly argv: (dir: string, port: number) => readonly string[];
  readonly env?: (dir: string, port: number) => Record<string, string>;
  /** Files that must be there before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly ready: string;
}

const ROOT = path.resolve(import.meta.dirname, '..');

export const SERVERS = {
  chokepoint: {
    argv: () => [
      process.execPath,
      '--wasm-wrapper-tiering-budget=1000000000',
      '--max-old-space-size=1536',
      '--max-semi-space-size=16',
      path.join(ROOT, 'bin/serve.ts'),
    ],
    env: (dir, port) => ({
      NODE_ENV: 'production',
      PORT: String(port),
      CHOKEPOINT_DATA: dir,
      CHOKEPOINT_SELF: 'off',
      CHOKEPOINT_RETENTION: '0',
      MALLOC_ARENA_MAX: '2',
    }),
    ready: '/readyz',
  },
  prometheus: {
    argv: (dir, port) => [
      'prometheus',
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=400d',
      '--log.level=warn',
    ],
    files: { 'prometheus.yml': 'scrape_configs: []\n' },
    ready: '/-/ready',
  },
  'victoria-metrics': {
    argv: (dir, port) => [
      'victoria-metrics',
      `-storageDataPath=${dir}/data`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      '-loggerLevel=WARN',
    ],
    ready: '/health',
  },
} as const satisfies Record<string, Command>;

export type ServerName = keyof typeof SERVERS;

export function serverNames(list: string): ServerName[] {
  return list.split(',').map((name) => {
    if (!(name in SERVERS))
      throw new Error(`no server called '${name}'; there are ${Object.keys(SERVERS).join(', ')}`);
    return name as ServerName;
  });
}

/** A running server. Started with a core of its own when `cpu` is given, so that runs can be compared. */
export class RunningServer {
  readonly base: string;
  readonly readyMs: number;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  private constructor(child: ChildProcess, ended: Promise<void>, base: string, readyMs: number) {
    this.child = child;
    this.ended = ended;
    this.base = base;
    this.readyMs = readyMs;
  }

  static async start(name: ServerName, dir: string, port: number, cpu?: string): Promise<RunningServer> {
    const { argv, env, files, ready }: Command = SERVERS[name];
    mkdirSync(dir, { recursive: true });
    for (const [file, text] of Object.entries(files ?? {})) writeFileSync(path.join(dir, file), text);
    const words = [...(cpu === undefined ? [] : ['taskset', '-c', cpu]), ...argv(dir, port)];
    const started = performance.now();
    const child = spawn(words[0] ?? '', words.slice(1), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...(cpu === undefined ? {} : { GOMAXPROCS: '1' }), ...env?.(dir, port) },
    });
    let failure: string | undefined;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        failure = `${name} ended with ${signal ?? code}`;
        resolve();
      });
      child.once('error', (error) => {
        failure = `${name} cannot be started: ${error.message}`;
        resolve();
      });
    });
    const base = `http://127.0.0.1:${port}`;
    while (!(await answers(`${base}${ready}`))) {
      if (failure !== undefined) throw new Error(failure);
      await wait(5);
    }
    return new RunningServer(child, ended, base, performance.now() - started);
  }

  /** @returns milliseconds until the process was gone */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    const started = performance.now();
    this.child.kill(signal);
    await this.ended;
    return performance.now() - started;
  }

  usage(): { cpuSeconds: number; rssMb: number } {
    return processUsage(this.child.pid ?? 0);
  }
}

/** CPU time used by a process and its threads (s), and its memory (MiB). Linux only. */
export function processUsage(pid: number): { cpuSeconds: number; rssMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: ticks / 100, rssMb: Number(rss ?? 0) / 1024 };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Drops the system's page cache, so that the next start reads from the disk; false where that is not allowed. */
export function dropPageCache(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
