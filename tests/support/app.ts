import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { V8_FLAGS } from '#bin/bootstrap.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly ms: number;
}

/** One real server process on its own port and data folder. */
export class App {
  readonly port: number;
  readonly dataDir: string;
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = '';

  constructor(
    port: number,
    dataDir: string,
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
  ) {
    this.port = port;
    this.dataDir = dataDir;
    this.url = `http://127.0.0.1:${port}`;
    const start = performance.now();
    this.child = spawn(process.execPath, [...V8_FLAGS, 'bin/serve.ts', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        CHOKEPOINT_SELF: 'off',
        ...env,
        PORT: String(port),
        CHOKEPOINT_DATA: dataDir,
      },
    });
    const keep = (part: Buffer): void => {
      this.output += part.toString();
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) =>
        resolve({ code, signal, output: this.output, ms: performance.now() - start }),
      );
    });
  }

  /** Resolves when batches can be stored and pages are served. */
  async ready(timeoutMs = 60_000): Promise<this> {
    const deadline = Date.now() + timeoutMs;
    let gone = false;
    void this.ended.then(() => {
      gone = true;
    });
    while (Date.now() < deadline && !gone) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return this;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the app did not become ready:\n${this.output}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'chokepoint-test-'));
}

export async function startApp(
  options: {
    dataDir?: string;
    port?: number;
    env?: Readonly<Record<string, string>>;
    args?: readonly string[];
  } = {},
): Promise<App> {
  const app = new App(
    options.port ?? (await freePort()),
    options.dataDir ?? temporaryFolder(),
    options.env,
    options.args,
  );
  return app.ready();
}

/** Stops the app and removes its data. */
export async function discard(app: App): Promise<void> {
  await app.stop();
  rmSync(app.dataDir, { recursive: true, force: true });
}
