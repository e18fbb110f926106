import { type ChildProcess, fork } from 'node:child_process';
import type { FaultName } from './faults.ts';
import type { Order, Peer, Report } from './lifecycle.ts';

export interface ProcessSpec {
  readonly name: string;
  /** Path below the project's root. */
  readonly module: string;
  readonly args?: readonly string[];
  readonly version?: string;
  /** Instrumented by OpenTelemetry and scraped. */
  readonly observed?: boolean;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Called when the process ended by itself and has come back. */
  readonly afterRestart?: () => Promise<void>;
}

interface Running {
  readonly spec: ProcessSpec;
  readonly child: ChildProcess;
  readonly port: number | undefined;
}

const READY_MS = 60_000;
const STOP_MS = 6000;
const RESTART_PAUSE_MS = 1000;

/** The parent's own telemetry and test settings must not leak into the shop. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(OTEL_|VITEST|NODE_OPTIONS$|NODE_CHANNEL|NODE_UNIQUE_ID|TEST$|DATABASE_URL$|PORT$)/.test(name),
    ),
  );
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const lastResort = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended(child);
  clearTimeout(lastResort);
}

/** The shop's processes: started, told of each other and of faults, brought back when they fall, replaced when rolled out. */
export class Fleet {
  readonly #running = new Map<string, Running>();
  readonly #starting = new Set<ChildProcess>();
  readonly #root: string;
  readonly #chokepoint: string;
  readonly #say: (line: string) => void;
  #faults: readonly FaultName[] = [];
  #closing = false;

  constructor(options: { root: string; chokepoint: string; say: (line: string) => void }) {
    this.#root = options.root;
    this.#chokepoint = options.chokepoint;
    this.#say = options.say;
  }

  /** Starts a process and resolves when it says that it is ready. */
  async start(spec: ProcessSpec): Promise<void> {
    this.#adopt(await this.#launch(spec));
  }

  /** Rolls out another version: the new process serves before the old one is told to stop, so no request is lost. */
  async deploy(name: string, version: string): Promise<void> {
    const old = this.#running.get(name);
    if (!old) throw new Error(`${name} is not running`);
    this.#adopt(await this.#launch({ ...old.spec, version }));
    await stop(old.child);
  }

  /** Address of a running process that serves. */
  url(name: string): string | undefined {
    return this.#peers().find((p) => p.service === name)?.url;
  }

  setFaults(on: readonly FaultName[]): void {
    this.#faults = on;
    this.#tell({ type: 'faults', on });
  }

  /** Ends processes in the given order, then all that are left. */
  async close(order: readonly string[]): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#starting].map(stop));
    const last = order.filter((name) => this.#running.has(name));
    const rest = [...this.#running.keys()].filter((name) => !last.includes(name));
    const end = async (name: string): Promise<void> => {
      const running = this.#running.get(name);
      if (running) await stop(running.child);
    };
    await Promise.all(rest.map(end));
    for (const name of last) await end(name);
  }

  #launch(spec: ProcessSpec): Promise<Running> {
    if (this.#closing) return Promise.reject(new Error('the shop is closing'));
    const instance = `${spec.name}-1`;
    const telemetry = {
      OTEL_SERVICE_NAME: spec.name,
      OTEL_RESOURCE_ATTRIBUTES: `service.version=${spec.version},service.instance.id=${instance},service.namespace=shop`,
      OTEL_EXPORTER_OTLP_ENDPOINT: this.#chokepoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_BSP_SCHEDULE_DELAY: '1000',
      OTEL_BSP_MAX_QUEUE_SIZE: '8192',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      OTEL_LOG_LEVEL: 'none',
    };
    const child = fork(`${this.#root}/${spec.module}`, [...(spec.args ?? [])], {
      cwd: this.#root,
      // Its own group: Ctrl-C reaches only the shop, which then ends its processes in order.
      detached: true,
      execArgv: [
        '--max-old-space-size=512',
        '--max-semi-space-size=8',
        '--expose-gc',
        ...(spec.observed ? ['--import', new URL('./services/telemetry.ts', import.meta.url).href] : []),
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...cleanEnvironment(),
        NODE_ENV: 'production',
        ...spec.env,
        ...(spec.observed ? telemetry : {}),
        ...(spec.version ? { SERVICE_VERSION: spec.version } : {}),
      },
    });
    this.#starting.add(child);
    return new Promise<Running>((resolve, reject) => {
      const late = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${spec.name} was not ready after ${READY_MS / 1000} s`));
      }, READY_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(new Error(`${spec.name} ended before it was ready (${signal ?? `exit ${code}`})`));
      });
      child.once('error', reject);
      child.on('message', (message: Report) => {
        if (message.type === 'ready') {
          clearTimeout(late);
          resolve({ spec, child, port: message.port });
        } else if (!this.#closing) this.#say(`${spec.name}: ${message.text}`);
      });
    }).finally(() => this.#starting.delete(child));
  }

  #adopt(running: Running): void {
    const { spec, child } = running;
    this.#running.set(spec.name, running);
    child.once('exit', (code, signal) => {
      if (this.#closing || this.#running.get(spec.name)?.child !== child) return;
      this.#running.delete(spec.name);
      this.#say(`${spec.name} ended by itself (${signal ?? `exit ${code}`}); starting it again`);
      setTimeout(() => void this.#bringBack(spec), RESTART_PAUSE_MS);
    });
    this.#tell({ type: 'peers', peers: this.#peers() });
    this.#tell({ type: 'faults', on: this.#faults });
  }

  async #bringBack(spec: ProcessSpec): Promise<void> {
    if (this.#closing) return;
    try {
      await this.start(spec);
      await spec.afterRestart?.();
      this.#say(`${spec.name} is back`);
    } catch (error) {
      this.#say(`${spec.name} could not be started again: ${error instanceof Error ? error.message : error}`);
      setTimeout(() => void this.#bringBack(spec), 5 * RESTART_PAUSE_MS);
    }
  }

  #peers(): Peer[] {
    return [...this.#running.values()]
      .filter((r) => r.port !== undefined)
      .map(({ spec, port }) => ({
        service: spec.name,
        instance: `${spec.name}-1`,
        version: spec.version ?? '',
        url: `http://127.0.0.1:${port}`,
        observed: spec.observed === true,
      }));
  }

  #tell(order: Order): void {
    for (const { child } of this.#running.values()) {
      if (child.connected) child.send(order, () => undefined);
    }
  }
}
