import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { uncompressSync } from 'snappy';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { readSpans, type SeenSpan } from './otlp.ts';

export interface SeenSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly at: number;
}

/** Stands where Chokepoint would: takes the four signals on its paths and keeps them decoded. */
export class Sink {
  readonly spans: SeenSpan[] = [];
  readonly samples: SeenSample[] = [];
  readonly events: { kind: string; service: string; version: string; title: string }[] = [];
  /** `METHOD path` of requests that no path here takes */
  readonly strange: string[] = [];
  slowLog = '';
  #server: http.Server | undefined;
  readonly #decoder = new RemoteWriteDecoder();

  async open(): Promise<string> {
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        response.writeHead(this.#take(`${request.method} ${request.url}`, plain)).end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  #take(route: string, body: Buffer): number {
    if (route === 'POST /v1/traces') this.spans.push(...readSpans(body));
    else if (route === 'POST /api/v1/write') this.#write(body);
    else if (route.startsWith('POST /api/v1/slowlog?')) this.slowLog += body.toString('utf8');
    else if (route === 'POST /api/v1/events') this.events.push(JSON.parse(body.toString('utf8')));
    else {
      this.strange.push(route);
      return 404;
    }
    return 200;
  }

  #write(body: Buffer): void {
    const { batch } = this.#decoder.decode(uncompressSync(body, { asBuffer: true }) as Buffer);
    for (const [i, series] of batch.series.entries()) {
      const labels = new Map(series.labels.map(([name, value]) => [name, value]));
      for (let at = batch.offsets[i] ?? 0; at < (batch.offsets[i + 1] ?? 0); at++) {
        this.samples.push({
          name: labels.get('__name__') ?? '',
          labels,
          value: batch.values[at] ?? Number.NaN,
          at: batch.timestamps[at] ?? 0,
        });
      }
    }
  }
}
