import { Fault, isFault } from '#lib/model/fault.ts';
import type { Log } from '#lib/platform/log.ts';
import type { SelfMetrics } from '#lib/platform/self-metrics.ts';
import type { SelfTracer } from '#lib/platform/self-tracer.ts';
import { readBody } from './body.ts';
import { ownFault, prometheusFault } from './fault-response.ts';

export interface RouteSpec {
  /** Route as people name it in logs and metrics, e.g. `query_range`. */
  readonly name: string;
  /** Whose error body a fault takes; `otlp` and the like give `renderFault`. */
  readonly protocol?: 'own' | 'prometheus';
  readonly renderFault?: (fault: Fault, request: Request) => Response;
  /** Set on ingest routes: metrics go by signal and the request is not traced (it would feed itself). */
  readonly signal?: string;
}

/** What the wrapper needs of the running server. */
export interface HttpRuntime {
  readonly log: Log;
  readonly self: SelfMetrics;
  readonly tracer: SelfTracer;
  readonly selfWatch: boolean;
}

export interface RouteRequest<R> {
  readonly request: Request;
  readonly url: URL;
  /** Values of the path's `[name]` parts; Next has decoded them. */
  readonly params: Readonly<Record<string, string>>;
  readonly runtime: R;
  /** Query parameters and, for a POSTed form, those of the body. */
  form(): Promise<URLSearchParams>;
}

const FORM_LIMIT = 1024 * 1024;

async function formOf(request: Request, url: URL): Promise<URLSearchParams> {
  const merged = new URLSearchParams(url.searchParams);
  if (request.method !== 'POST') return merged;
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return merged;
  const body = await readBody(request, { maxBytes: FORM_LIMIT, encodings: ['gzip'] });
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) merged.append(name, value);
  return merged;
}

/** A browser page of another site must not write here: there is no login on loopback that would stop it. */
function refuseCrossSite(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = request.headers.get('origin');
  const foreign =
    origin !== null && origin !== 'null'
      ? URL.parse(origin)?.host !== request.headers.get('host')
      : origin === 'null';
  if (request.headers.get('sec-fetch-site') === 'cross-site' || foreign) {
    throw new Fault(
      403,
      'cross-site',
      `a page of another site (${origin ?? 'unknown'}) may not write here; open Chokepoint itself`,
    );
  }
}

/** Binds the wrapper that every route goes through to the running server. */
export function createRoute<R extends HttpRuntime>(runtimeOf: () => R) {
  return (spec: RouteSpec, run: (request: RouteRequest<R>) => Promise<Response>) =>
    async (
      request: Request,
      context?: { params?: Promise<Record<string, string | string[] | undefined>> },
    ): Promise<Response> => {
      const runtime = runtimeOf();
      const url = new URL(request.url);
      const startedAt = Date.now();
      const start = performance.now();
      let response: Response;
      try {
        refuseCrossSite(request);
        const params: Record<string, string> = {};
        for (const [name, value] of Object.entries((await context?.params) ?? {})) {
          params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
        }
        response = await run({ request, url, params, runtime, form: () => formOf(request, url) });
      } catch (error) {
        const fault = toFault(error, spec, runtime.log);
        if (spec.signal) runtime.self.rejected(spec.signal, fault.code, 1);
        response =
          spec.renderFault?.(fault, request) ??
          (spec.protocol === 'prometheus' ? prometheusFault(fault) : ownFault(fault));
      }
      const durationMs = performance.now() - start;
      runtime.self.request(spec, request.method, response.status, durationMs / 1000);
      if (runtime.selfWatch && !spec.signal)
        runtime.tracer.request(spec.name, request.method, response.status, startedAt, durationMs);
      return response;
    };
}

function toFault(error: unknown, spec: RouteSpec, log: Log): Fault {
  if (isFault(error)) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  log.error(`${spec.name} failed: ${cause.message}`, { stack: cause.stack });
  // A sender must not drop data over our own fault: on ingest it is told to come again.
  if (spec.signal)
    return new Fault(503, 'store-unavailable', 'the batch could not be stored just now; send it again', {
      headers: { 'retry-after': '5' },
      cause,
    });
  return new Fault(500, 'internal', 'something broke while answering; the server log has the details', {
    cause,
  });
}
