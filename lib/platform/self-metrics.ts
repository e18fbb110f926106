import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Chokepoint's own counters, served on `/metrics` and fed to its own ingest. */
export class SelfMetrics {
  readonly registry = new Registry();
  readonly #ingested: Counter<'signal'>;
  readonly #rejected: Counter<'signal' | 'reason'>;
  readonly #ingestSeconds: Histogram<'signal'>;
  readonly #querySeconds: Histogram<'query'>;
  readonly #requestSeconds: Histogram<'route' | 'method' | 'status'>;
  readonly #storeBytes: Gauge;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#ingested = new Counter({
      name: 'chokepoint_ingested_total',
      help: 'Items stored durably',
      labelNames: ['signal'],
      registers,
    });
    this.#rejected = new Counter({
      name: 'chokepoint_rejected_total',
      help: 'Items not taken, by reason',
      labelNames: ['signal', 'reason'],
      registers,
    });
    this.#ingestSeconds = new Histogram({
      name: 'chokepoint_ingest_seconds',
      help: 'Time from the whole body read to its durable acknowledgement',
      labelNames: ['signal'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    this.#querySeconds = new Histogram({
      name: 'chokepoint_query_seconds',
      help: 'Time to answer a question',
      labelNames: ['query'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#requestSeconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of HTTP requests that people and clients make',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#storeBytes = new Gauge({
      name: 'chokepoint_store_bytes',
      help: 'Size of the database on disk',
      registers,
    });
  }

  /** What became of one batch. */
  ingested(
    signal: string,
    accepted: number,
    refused: readonly { readonly reason: string; readonly count: number }[] = [],
  ): void {
    this.#ingested.inc({ signal }, accepted);
    for (const { reason, count } of refused) this.rejected(signal, reason, count);
  }

  rejected(signal: string, reason: string, count: number): void {
    this.#rejected.inc({ signal, reason }, count);
  }

  request(spec: { name: string; signal?: string }, method: string, status: number, seconds: number): void {
    if (spec.signal) this.#ingestSeconds.observe({ signal: spec.signal }, seconds);
    else {
      this.#querySeconds.observe({ query: spec.name }, seconds);
      this.#requestSeconds.observe({ route: spec.name, method, status: String(status) }, seconds);
    }
  }

  storeBytes(bytes: number): void {
    this.#storeBytes.set(bytes);
  }
}
