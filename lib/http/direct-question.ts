import type { IncomingMessage } from 'node:http';
import { type DirectHandler, readIncoming } from './direct.ts';
import { mediaTypeOf } from './encoding.ts';
import { type ExchangeSpec, type HttpRuntime, perform } from './exchange.ts';
import { prometheusFault } from './fault-response.ts';
import { refuseMethod } from './route-methods.ts';
import { sendResponse } from './send-response.ts';

export interface DirectQuestion<R> {
  readonly runtime: R;
  /** Parameters of the URL and, when it is POSTed, of the form in the body. */
  readonly form: URLSearchParams;
  readonly headers: { get(name: string): string | null };
  /** Aborts when the client goes away before it is answered. */
  readonly signal: AbortSignal;
  readonly address: string | undefined;
}

const METHODS = ['GET', 'POST'];
const FORM = { maxBytes: 1024 * 1024, encodings: ['gzip'] } as const;

/**
 * Binds questions of the Prometheus API that the server answers itself, in front of Next: a dashboard asks dozens of
 * them at a time, most of which take less than Next does.
 */
export function createDirectQuestion<R extends HttpRuntime>(runtimeOf: () => R) {
  return (spec: ExchangeSpec, run: (question: DirectQuestion<R>) => Promise<Response>): DirectHandler =>
    (incoming, outgoing) => {
      const method = incoming.method ?? '';
      const runtime = runtimeOf();
      const client = new AbortController();
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) client.abort();
      });
      const exchange = {
        method,
        header: (name: string) => single(incoming.headers[name]),
        run: async (): Promise<Response> => {
          if (method === 'OPTIONS')
            return new Response(null, {
              status: 204,
              headers: { allow: [...METHODS, 'HEAD', 'OPTIONS'].join(', ') },
            });
          const wrong = refuseMethod({ methods: METHODS, protocol: 'prometheus' }, method);
          if (wrong) throw wrong;
          const headers = { get: (name: string) => single(incoming.headers[name]) ?? null };
          const address = incoming.socket.remoteAddress;
          return run({ runtime, form: await formOf(incoming), headers, signal: client.signal, address });
        },
        render: prometheusFault,
      };
      void perform<Response>(runtime, spec, exchange)
        .then((response) => sendResponse(response, incoming, outgoing))
        .catch((error: Error) => {
          runtime.log.error(`${spec.name}: the answer could not be sent: ${error.message}`);
          outgoing.destroy();
        });
    };
}

async function formOf(incoming: IncomingMessage): Promise<URLSearchParams> {
  const url = incoming.url ?? '';
  const at = url.indexOf('?');
  const form = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  if (incoming.method !== 'POST') return form;
  if (mediaTypeOf(incoming.headers['content-type']) !== 'application/x-www-form-urlencoded') return form;
  const body = new TextDecoder().decode(await readIncoming(incoming, FORM));
  for (const [name, value] of new URLSearchParams(body)) form.append(name, value);
  return form;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
