/** The server process: checks, store, jobs, then Next. Ends cleanly on SIGTERM and Ctrl-C. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import path from 'node:path';
import process from 'node:process';
import type { DirectHandler } from '#lib/http/direct.ts';
import { prometheusFaultBody } from '#lib/http/fault-response.ts';
import { refuseAtGate } from '#lib/http/gate.ts';
import { RouteMethodTable, refuseMethod } from '#lib/http/route-methods.ts';
import { Fault } from '#lib/model/fault.ts';
import { createLog } from '#lib/platform/log.ts';
import { readSettings, type Settings } from '#lib/platform/settings.ts';
import { pathOf } from './ingest/path.ts';
import { buildPages, generateClients } from './prepare.ts';
import { settleMemory } from './settle-memory.ts';

const ROOT = path.dirname(import.meta.dirname);
const dev = process.argv.includes('--dev');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Who reads the output may be gone. Unheard, that error ends in a report of it, which fails in turn, for ever.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

function refuse(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function listen(server: Server, settings: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const what: Record<string, string> = {
        EADDRINUSE: `Port ${settings.port} on ${settings.host} is in use: stop the other program, or set PORT to a free port.`,
        EACCES: `Port ${settings.port} may not be opened by this user: set PORT to a port above 1023.`,
        EADDRNOTAVAIL: `The address ${settings.host} is not one of this machine: set HOST to 127.0.0.1 or another address of it.`,
      };
      reject(
        new Error(
          what[error.code ?? ''] ?? `Cannot listen on ${settings.host}:${settings.port}: ${error.message}`,
        ),
      );
    });
    server.listen(settings.port, settings.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : settings.port);
    });
  });
}

/** In-flight requests get this long to finish on SIGTERM. */
const DRAIN_MS = 10_000;
const LINGER_MS = 5_000;

function answer(
  response: ServerResponse,
  fault: Fault,
  body: unknown = { error: { code: fault.code, message: fault.message } },
): void {
  const { status, headers } = fault;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** Hangs up on a body that still drips in after its answer, but leaves the client the time to read that answer. */
function hangUpOnLateBody(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  response.once('finish', () => {
    if (request.complete) return;
    setTimeout(() => {
      if (!request.complete) socket.destroy();
    }, LINGER_MS).unref();
  });
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const settings = readSettings(process.env, ROOT);
  if (settings.configPath) {
    const { checkConfig } = await import('./config-jobs.ts');
    checkConfig(settings.configPath);
  }
  const { claimDataFolder } = await import('#lib/store/data-folder.ts');
  const folder = claimDataFolder(settings.dataDir);

  const routes = RouteMethodTable.read(ROOT);
  let next: RequestListener | undefined;
  let direct: ReadonlyMap<string, DirectHandler> = new Map();
  let closing = false;
  const stopping = new Fault(503, 'closing', 'the server is stopping; try again in a moment', {
    headers: { 'retry-after': '5' },
  });
  const starting = new Fault(503, 'starting', 'the server is starting; try again in a moment', {
    headers: { 'retry-after': '1' },
  });
  let inFlight = 0;
  let onIdle: (() => void) | undefined;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refuseAtGate(request, settings.host, settings.port);
    const handler = direct.get(pathOf(request.url ?? ''));
    const route = handler ? undefined : routes.find(request.url ?? '');
    const wrongMethod = refuseMethod(route, request.method);
    hangUpOnLateBody(request, response);
    if (refusal) answer(response, refusal);
    else if (wrongMethod && route?.protocol === 'prometheus')
      answer(response, wrongMethod, prometheusFaultBody(wrongMethod));
    else if (wrongMethod) answer(response, wrongMethod);
    else if (closing) answer(response, stopping);
    else if (!next) answer(response, starting);
    else {
      inFlight++;
      response.once('close', () => {
        if (--inFlight === 0) onIdle?.();
      });
      if (handler) handler(request, response);
      else void next(request, response);
    }
  };
  // HTTP clients that offer `Upgrade: h2c` by default (curl, Java) must get their answer in HTTP/1.1.
  const server = createServer({ shouldUpgradeCallback: () => dev }, onRequest);
  // A slow-log upload of any size is one request; bounded bodies have their own deadline.
  server.requestTimeout = 0;
  server.headersTimeout = 15_000;
  // Senders push every 10 to 60 s: a connection that closed in between would cost each push a retry.
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, settings);

  generateClients();
  if (!dev) buildPages(say);
  const { startRuntime } = await import('./server-runtime.ts');
  const log = createLog();
  const live = await startRuntime({
    settings: { ...settings, port },
    log,
    secret: folder.secret,
    root: ROOT,
  });

  const { ingestHandlers } = await import('./ingest/handlers.ts');
  const { questionHandlers } = await import('./questions/handlers.ts');
  const { default: createNext } = await import('next');
  const app = createNext({ dev, dir: ROOT, hostname: settings.host, port });
  await app.prepare();
  direct = new Map([...ingestHandlers(), ...questionHandlers()]);
  next = app.getRequestHandler();
  live.startJobs();
  settleMemory();

  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  say(`Chokepoint is ready at ${url} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  say(
    `Data lives in ${settings.databaseUrl ? `PostgreSQL, secrets in ${settings.dataDir}` : settings.dataDir}. Ctrl-C ends it.`,
  );

  const stopDemo = process.argv.includes('--demo') ? await live.startDemo(url) : async () => undefined;

  const stop = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    live.runtime.closing = true;
    say('Stopping…');
    await stopDemo();
    // It listens on until the last answer is out: a new client then reads 503 instead of a refused connection.
    const idle = new Promise<void>((resolve) => {
      onIdle = resolve;
      if (inFlight === 0) resolve();
    });
    const hurry = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await idle;
    clearTimeout(hurry);
    server.close();
    server.closeAllConnections();
    await live.stop();
    folder.release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  // The starter died without a word (kill -9): an orphan must not keep the port and the data folder.
  process.on('disconnect', () => void stop());
}

main().catch(refuse);
