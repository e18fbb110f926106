import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '#lib/model/fault.ts';
import {
  BODY_DEADLINE_MS,
  type BodyLimits,
  checkEncoding,
  cutOff,
  decompress,
  mediaTypeOf,
  tooLarge,
  tooSlow,
} from './encoding.ts';
import { type ExchangeSpec, type HttpRuntime, perform } from './exchange.ts';
import { ownFaultAnswer } from './fault-response.ts';

/** What goes back, without an object of the web platform in between. */
export interface DirectAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface DirectSpec extends ExchangeSpec {
  /** A foreign protocol's error body; ours when it is not given. */
  readonly renderFault?: (fault: Fault, incoming: IncomingMessage) => DirectAnswer;
}

export interface DirectRequest<R> {
  readonly incoming: IncomingMessage;
  readonly runtime: R;
  /** Of the URL. */
  readonly query: URLSearchParams;
  /** Media type without parameters, lower case; `''` when missing. */
  readonly mediaType: string;
  /** The whole body, decompressed. Throws Fault 400, 408, 413, 415. */
  body(limits: BodyLimits): Promise<Uint8Array>;
}

export type DirectHandler = (incoming: IncomingMessage, response: ServerResponse) => void;

/** As `what every answer carries` has it for answers that are no pages. */
export const FIXED_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Binds handlers that the server answers itself, in front of Next, to what every exchange goes through. They take POST. */
export function createDirect<R extends HttpRuntime>(runtimeOf: () => R) {
  return (spec: DirectSpec, run: (request: DirectRequest<R>) => Promise<DirectAnswer>): DirectHandler =>
    (incoming, response) => {
      const runtime = runtimeOf();
      const { method = '', headers, url = '' } = incoming;
      if (method === 'OPTIONS') {
        send(response, { status: 204, headers: { allow: 'OPTIONS, POST' } });
        return;
      }
      const exchange = {
        method,
        header: (name: string) => single(headers[name]),
        run: async () => {
          if (method !== 'POST') throw onlyPost(method);
          return run({
            incoming,
            runtime,
            get query() {
              return new URLSearchParams(url.split('?', 2)[1] ?? '');
            },
            mediaType: mediaTypeOf(headers['content-type']),
            body: (limits) => readIncoming(incoming, limits),
          });
        },
        render: (fault: Fault) => spec.renderFault?.(fault, incoming) ?? ownFaultAnswer(fault),
      };
      void perform<DirectAnswer>(runtime, spec, exchange).then((answer) => send(response, answer));
    };
}

function onlyPost(method: string): Fault {
  return new Fault(405, 'method-not-allowed', `this path takes data with POST, not with ${method}`, {
    headers: { allow: 'OPTIONS, POST' },
  });
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

function send(response: ServerResponse, { status, headers, body }: DirectAnswer): void {
  if (response.destroyed) return;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(status, {
    ...FIXED_HEADERS,
    ...(status === 204 ? {} : { 'content-length': String(length) }),
    ...headers,
  });
  response.end(body);
}

/** The whole body of a request, decompressed. Throws Fault 400, 408, 413, 415. */
export async function readIncoming(incoming: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const encoding = checkEncoding(single(incoming.headers['content-encoding']), limits.encodings);
  if (Number(incoming.headers['content-length'] ?? 0) > limits.maxBytes)
    throw tooLarge(limits.maxBytes, 'as sent');
  return decompress(await collect(incoming, limits.maxBytes), encoding, limits.maxBytes);
}

function collect(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      clearTimeout(deadline);
      incoming.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
    };
    const fail = (fault: Fault): void => {
      end();
      // What still comes is passed over until the answer is out; nobody waits for it.
      incoming.on('error', () => undefined).resume();
      reject(fault);
    };
    const onData = (part: Buffer): void => {
      size += part.length;
      if (size > maxBytes) fail(tooLarge(maxBytes, 'as sent'));
      else parts.push(part);
    };
    const onEnd = (): void => {
      end();
      const [only] = parts;
      resolve(parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size));
    };
    const onBroken = (cause?: unknown): void => fail(cutOff(cause));
    const deadline = setTimeout(() => fail(tooSlow()), BODY_DEADLINE_MS);
    incoming.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}
