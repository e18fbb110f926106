import http from 'node:http';
import type { AddressInfo } from 'node:net';
import v8 from 'node:v8';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client';
import { onEnd, report, say } from '../lifecycle.ts';

export interface Call {
  /** Values of the `:name` parts of the route. */
  readonly params: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  /** Set when `body` is already encoded bytes. */
  readonly encoding?: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/orders/:id` */
  readonly path: string;
  handle(call: Call): Promise<Answer> | Answer;
}

/** An answer other than 200 that a handler throws. */
export class HttpProblem extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the request to the end of its answer, in seconds.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

function watchHeapLimit(): void {
  new Gauge({
    name: 'nodejs_heap_size_limit_bytes',
    help: 'Size at which V8 gives up on this process, in bytes.',
    collect() {
      this.set(v8.getHeapStatistics().heap_size_limit);
    },
  });
}

function match(pattern: readonly string[], path: readonly string[]): Map<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params = new Map<string, string>();
  for (const [i, part] of pattern.entries()) {
    const given = path[i] ?? '';
    if (part.startsWith(':')) params.set(part.slice(1), given);
    else if (part !== given) return undefined;
  }
  return params;
}

async function readBody(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
}

function send(response: http.ServerResponse, answer: Answer): void {
  const bytes = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(JSON.stringify(answer.body ?? null));
  response.writeHead(answer.status ?? 200, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...(answer.encoding ? { 'content-encoding': answer.encoding } : {}),
  });
  response.end(bytes);
}

/** Serves the routes on a free port, with spans named by route, a duration histogram and `/metrics`. */
export function serve(routes: readonly Route[]): void {
  collectDefaultMetrics();
  watchHeapLimit();
  const table = routes.map((route) => ({ route, pattern: route.path.split('/') }));

  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://shop');
    if (url.pathname === '/metrics') {
      response.writeHead(200, { 'content-type': register.contentType }).end(await register.metrics());
      return;
    }
    const path = url.pathname.split('/');
    let found: { route: Route; params: Map<string, string> } | undefined;
    for (const { route, pattern } of table) {
      const params = request.method === route.method ? match(pattern, path) : undefined;
      if (params) found ??= { route, params };
    }
    const name = found?.route.path ?? 'unknown';
    const span = trace.getActiveSpan();
    span?.updateName(`${request.method} ${name}`);
    if (found) span?.setAttribute('http.route', name);
    const stop = durations.startTimer({ method: request.method ?? '', route: name });
    response.on('close', () => stop({ status: String(response.statusCode) }));
    try {
      if (!found) throw new HttpProblem(404, `no route for ${request.method} ${url.pathname}`);
      const body = await readBody(request);
      send(response, await found.route.handle({ params: found.params, query: url.searchParams, body }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const status = error instanceof HttpProblem ? error.status : 500;
      if (status >= 500) {
        span?.recordException(error instanceof Error ? error : message);
        span?.setStatus({ code: SpanStatusCode.ERROR, message });
      }
      send(response, { status, body: { error: message } });
    }
  };

  const server = http.createServer((request, response) => {
    answer(request, response).catch((error) => {
      say(`a request failed: ${error instanceof Error ? error.message : error}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  server.listen(0, '127.0.0.1', () =>
    report({ type: 'ready', port: (server.address() as AddressInfo).port }),
  );
  onEnd(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1500).unref();
      }),
  );
}
