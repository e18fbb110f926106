import { Fault, isFault } from '#lib/model/fault.ts';
import type { Log } from '#lib/platform/log.ts';
import type { SelfMetrics } from '#lib/platform/self-metrics.ts';
import type { SelfTracer } from '#lib/platform/self-tracer.ts';

export interface ExchangeSpec {
  /** Route as people name it in logs and metrics, e.g. `query_range`. */
  readonly name: string;
  /** Set on ingest routes: metrics go by signal and the request is not traced (it would feed itself). */
  readonly signal?: string;
}

/** What every exchange needs of the running server. */
export interface HttpRuntime {
  readonly log: Log;
  readonly self: SelfMetrics;
  readonly tracer: SelfTracer;
  readonly selfWatch: boolean;
}

/** A request and how to answer it, whatever carries them: Next's objects or the server's own. */
export interface Exchange<A extends { readonly status: number }> {
  readonly method: string;
  /** Value of a request header; nothing when it is not there. */
  header(name: string): string | null | undefined;
  run(): Promise<A>;
  render(fault: Fault): A;
}

/** The one way through which every request goes: cross-site check, typed error → answer, own metrics, tracing. */
export async function perform<A extends { readonly status: number }>(
  runtime: HttpRuntime,
  spec: ExchangeSpec,
  exchange: Exchange<A>,
): Promise<A> {
  const startedAt = Date.now();
  const start = performance.now();
  let answer: A;
  try {
    refuseCrossSite(exchange);
    answer = await exchange.run();
  } catch (error) {
    const fault = toFault(error, spec, runtime.log);
    if (spec.signal) runtime.self.rejected(spec.signal, fault.code, 1);
    answer = exchange.render(fault);
  }
  const durationMs = performance.now() - start;
  runtime.self.request(spec, exchange.method, answer.status, durationMs / 1000);
  if (runtime.selfWatch && !spec.signal)
    runtime.tracer.request(spec.name, exchange.method, answer.status, startedAt, durationMs);
  return answer;
}

/** A browser page of another site must not write here: there is no login on loopback that would stop it. */
function refuseCrossSite({ method, header }: Pick<Exchange<never>, 'method' | 'header'>): void {
  if (method === 'GET' || method === 'HEAD') return;
  const origin = header('origin') ?? undefined;
  const foreign =
    origin !== undefined && (origin === 'null' || URL.parse(origin)?.host !== (header('host') ?? undefined));
  if (header('sec-fetch-site') === 'cross-site' || foreign) {
    throw new Fault(
      403,
      'cross-site',
      `a page of another site (${origin ?? 'unknown'}) may not write here; open Chokepoint itself`,
    );
  }
}

function toFault(error: unknown, spec: ExchangeSpec, log: Log): Fault {
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
