import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** A real HTTP server on a port of its own. What it does may be changed at any time. */
export class TargetServer {
  handler: Handler;
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server;

  private constructor(handler: Handler, tls: ServerOptions | undefined) {
    this.handler = handler;
    const onRequest: Handler = (request, response) => {
      this.requests.push(request);
      this.handler(request, response);
    };
    this.#server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  }

  static async start(handler: Handler, tls?: ServerOptions): Promise<TargetServer> {
    const server = new TargetServer(handler, tls);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const says =
  (text: string, type = TEXT): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(text);
  };
