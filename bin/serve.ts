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
import { isKnownHost } from '#lib/http/known-host.ts';
import { createLog } from '#lib/platform/log.ts';
import { readSettings, type Settings } from '#lib/platform/settings.ts';
import { buildPages, generateClients } from './prepare.ts';
import { settleMemory } from './settle-memory.ts';

const ROOT = path.dirname(import.meta.dirname);
const dev = process.argv.includes('--dev');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

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

function answer(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
  response.end(JSON.stringify({ error: { code, message } }));
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const settings = readSettings(process.env, ROOT);
  const { claimDataFolder } = await import('#lib/store/data-folder.ts');
  const folder = claimDataFolder(settings.dataDir);

  let next: RequestListener | undefined;
  let closing = false;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (!isKnownHost(request.headers.host, settings.host))
      answer(
        response,
        421,
        'unknown-host',
        `this server does not answer for '${request.headers.host}'; open it as http://127.0.0.1:${settings.port}`,
      );
    else if (closing)
      answer(response, 503, 'closing', 'the server is stopping; try again in a moment', {
        'retry-after': '5',
      });
    else if (!next)
      answer(response, 503, 'starting', 'the server is starting; try again in a moment', {
        'retry-after': '1',
      });
    else void next(request, response);
  });
  // A slow-log upload of any size is one request; bounded bodies have their own deadline.
  server.requestTimeout = 0;
  server.headersTimeout = 15_000;
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

  const { default: createNext } = await import('next');
  const app = createNext({ dev, dir: ROOT, hostname: settings.host, port });
  await app.prepare();
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
    const drained = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const hurry = setTimeout(() => server.closeAllConnections(), 10_000);
    await drained;
    clearTimeout(hurry);
    await live.stop();
    folder.release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  // The starter died without a word (kill -9): an orphan must not keep the port and the data folder.
  process.on('disconnect', () => void stop());
}

main().catch(refuse);
