import { compressSync } from 'snappy';
import type { App } from './app.ts';
import { type Sample, WRITE_HEADERS, writeRequest } from './write-request.ts';

export interface Told {
  readonly status: number;
  readonly text: string;
}

/** What PromQL answers to an instant query. */
export interface InstantAnswer {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** A sender of metrics, and somebody who asks for them, of one running server. */
export class MetricClient {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async send(path: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Told> {
    const response = await fetch(this.#app.url + path, { method: 'POST', body: body as BodyInit, headers });
    return { status: response.status, text: await response.text() };
  }

  write(samples: readonly Sample[]): Promise<Told> {
    return this.send('/api/v1/write', writeRequest(samples), WRITE_HEADERS);
  }

  /** A remote_write body as it is before snappy. */
  raw(protobuf: Uint8Array, headers = WRITE_HEADERS): Promise<Told> {
    return this.send('/api/v1/write', compressSync(Buffer.from(protobuf)), headers);
  }

  importText(text: string, type = 'text/plain'): Promise<Told> {
    return this.send('/api/v1/import/prometheus', text, { 'content-type': type });
  }

  /** @param at ms since the epoch */
  async query(expr: string, at: number): Promise<InstantAnswer> {
    const body = new URLSearchParams({ query: expr, time: String(at / 1000) });
    const response = await fetch(`${this.#app.url}/api/v1/query`, { method: 'POST', body });
    return (await response.json()) as InstantAnswer;
  }

  async firstValue(expr: string, at: number): Promise<string | undefined> {
    return (await this.query(expr, at)).data?.result[0]?.value[1];
  }

  async ownMetric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#app.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  /** The longest time in which the event loop did not go round, since this was asked last; ms. */
  async held(): Promise<number> {
    return (await this.ownMetric('nodejs_eventloop_lag_max_seconds')) * 1000;
  }
}
