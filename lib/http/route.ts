import type { Fault } from '#lib/model/fault.ts';
import { readBody } from './body.ts';
import { type ExchangeSpec, type HttpRuntime, perform } from './exchange.ts';
import { ownFault, prometheusFault } from './fault-response.ts';

export interface RouteSpec extends ExchangeSpec {
  /** Whose error body a fault takes; `otlp` and the like give `renderFault`. */
  readonly protocol?: 'own' | 'prometheus';
  readonly renderFault?: (fault: Fault, request: Request) => Response;
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
  if (request.method !== 'POST' && request.method !== 'PUT') return merged;
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return merged;
  const body = await readBody(request, { maxBytes: FORM_LIMIT, encodings: ['gzip'] });
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) merged.append(name, value);
  return merged;
}

/** Binds the wrapper that every route goes through to the running server. */
export function createRoute<R extends HttpRuntime>(runtimeOf: () => R) {
  return (spec: RouteSpec, run: (request: RouteRequest<R>) => Promise<Response>) =>
    async (
      request: Request,
      context?: { params?: Promise<Record<string, string | string[] | undefined>> },
    ): Promise<Response> => {
      const url = new URL(request.url);
      const runtime = runtimeOf();
      return perform<Response>(runtime, spec, {
        method: request.method,
        header: (name) => request.headers.get(name),
        run: async () => {
          const params: Record<string, string> = {};
          for (const [name, value] of Object.entries((await context?.params) ?? {})) {
            params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
          }
          return run({ request, url, params, runtime, form: () => formOf(request, url) });
        },
        render: (fault) =>
          spec.renderFault?.(fault, request) ??
          (spec.protocol === 'prometheus' ? prometheusFault(fault) : ownFault(fault)),
      });
    };
}
