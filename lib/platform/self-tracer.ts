import { randomBytes } from 'node:crypto';
import type { Resource, Span } from '#lib/model/span.ts';

/** More than this between two flushes is dropped: watching itself must never cost the watched. */
const MAX_PENDING = 2000;

/** Collects one server span for each request that a person or client makes; the server flushes them to its own ingest. */
export class SelfTracer {
  readonly #resource: Resource;
  #pending: Span[] = [];

  constructor(version: string, instance: string) {
    this.#resource = {
      service: 'chokepoint',
      instance,
      attributes: [
        ['service.name', 'chokepoint'],
        ['service.version', version],
        ['service.instance.id', instance],
      ],
    };
  }

  request(route: string, method: string, status: number, startMs: number, durationMs: number): void {
    if (this.#pending.length >= MAX_PENDING) return;
    this.#pending.push({
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: '',
      name: `${method} ${route}`,
      kind: 'server',
      startUs: startMs * 1000,
      durationUs: durationMs * 1000,
      status: status >= 500 ? 'error' : 'unset',
      statusMessage: '',
      attributes: [
        ['http.request.method', method],
        ['http.route', route],
        ['http.response.status_code', status],
      ],
      events: [],
      links: [],
      traceState: '',
      resource: this.#resource,
      scope: { name: 'chokepoint', version: '' },
      warnings: [],
    });
  }

  take(): Span[] {
    const spans = this.#pending;
    this.#pending = [];
    return spans;
  }
}
