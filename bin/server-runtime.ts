/** Makes the live objects of the server process and its jobs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Runtime, setRuntime } from '#app/runtime.ts';
import { startWatch } from '#lib/diagnose/watch.ts';
import type { Log } from '#lib/platform/log.ts';
import { SelfMetrics } from '#lib/platform/self-metrics.ts';
import { SelfTracer } from '#lib/platform/self-tracer.ts';
import type { Settings } from '#lib/platform/settings.ts';
import { Changes } from '#lib/query/runner/changes.ts';
import { QueryRunner } from '#lib/query/runner/runner.ts';
import { watchStore } from '#lib/query/runner/watch-store.ts';
import { openStore } from '#lib/store/open.ts';
import { startConfigJobs } from './config-jobs.ts';
import { startSelfWatch } from './self-watch.ts';

const DEMO_URL = `http://127.0.0.1:${process.env.DEMO_PORT ?? 3900}`;

export interface Live {
  readonly runtime: Runtime;
  startJobs(): void;
  /** Starts the demo shop; the answer stops it. */
  startDemo(url: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export async function startRuntime(options: {
  settings: Settings;
  log: Log;
  secret: Uint8Array;
  root: string;
}): Promise<Live> {
  const { settings, log } = options;
  const { version } = JSON.parse(readFileSync(path.join(options.root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const instance = `${settings.host}:${settings.port}`;
  const changes = new Changes();
  const opened = await openStore({
    dataDir: settings.dataDir,
    databaseUrl: settings.databaseUrl,
    retentionMs: settings.retentionMs,
    rollupRetentionMs: settings.rollupRetentionMs,
    maxSeries: settings.maxSeries,
    log,
  });
  const store = watchStore(opened, changes);
  const queries = new QueryRunner({
    source: store.metrics,
    changes,
    maxSamples: settings.queryMaxSamples,
    timeoutMs: settings.queryTimeoutMs,
    // Other processes may write late samples to a shared database, and nobody tells.
    ...(settings.databaseUrl === undefined ? {} : { cacheMaxAgeMs: 60_000 }),
  });
  const runtime: Runtime = {
    settings,
    log,
    store,
    queries,
    version,
    secret: options.secret,
    self: new SelfMetrics(),
    tracer: new SelfTracer(version, instance),
    selfWatch: settings.self,
    startedAt: Date.now(),
    demoUrl: process.argv.includes('--demo') ? DEMO_URL : process.env.CHOKEPOINT_DEMO_URL,
    closing: false,
  };
  setRuntime(runtime);
  const stops: (() => Promise<void>)[] = [];
  return {
    runtime,
    startJobs() {
      const watch = startWatch({ store, log });
      stops.push(() => watch.stop());
      if (settings.self) stops.push(startSelfWatch(runtime, instance));
      if (settings.configPath) stops.push(startConfigJobs(runtime, settings.configPath));
    },
    async startDemo(url) {
      const child = spawn(process.execPath, ['demo/main.ts'], {
        cwd: options.root,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, CHOKEPOINT_URL: url, CHOKEPOINT_DATA: settings.dataDir },
      });
      child.on('error', (error) => log.error(`the demo shop did not start: ${error.message}`));
      return () => stopChild(child);
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await store.close();
    },
  };
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
