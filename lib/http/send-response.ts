import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { FIXED_HEADERS } from './direct.ts';

/** Smaller answers fit into a packet or two as they are. */
const WORTH_PACKING = 1400;
/** The fastest levels pack JSON nearly as well. */
const GZIP_LEVEL = 3;

/**
 * Writes a web response to the server's own, at the client's pace, packed when the client takes gzip. Ends quietly when
 * the client goes away.
 */
export async function sendResponse(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const headers = { ...FIXED_HEADERS, ...Object.fromEntries(response.headers), vary: 'accept-encoding' };
  const reader = response.body?.getReader();
  const first = await reader?.read();
  if (!reader || !first || first.done || incoming.method === 'HEAD' || outgoing.destroyed) {
    void reader?.cancel();
    if (!outgoing.destroyed) outgoing.writeHead(response.status, headers).end();
    return;
  }
  const second = await reader.read();
  const head: Uint8Array = first.value;
  if (second.done && (head.byteLength < WORTH_PACKING || !takesGzip(incoming))) {
    outgoing.writeHead(response.status, { ...headers, 'content-length': String(head.byteLength) }).end(head);
    return;
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = second; !next.done; next = await from.read()) yield next.value;
  }
  const from = reader;
  try {
    const body = Readable.from(chunks(), { objectMode: false });
    if (takesGzip(incoming)) {
      outgoing.writeHead(response.status, { ...headers, 'content-encoding': 'gzip' });
      await pipeline(body, createGzip({ level: GZIP_LEVEL }), outgoing);
    } else {
      outgoing.writeHead(response.status, headers);
      await pipeline(body, outgoing);
    }
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    outgoing.destroy();
  }
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(
    String(headers['accept-encoding'] ?? ''),
  );
}
