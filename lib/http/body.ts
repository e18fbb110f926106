import { createGunzip, type Gunzip } from 'node:zlib';
import { Fault, isFault } from '#lib/model/fault.ts';
import { parseJson } from '#lib/model/json.ts';
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

const MIB = 1024 * 1024;
/** A streamed body may take hours, but a sender that says nothing for this long is gone. */
const SILENCE_MS = 60_000;

/** Encoding of the request, checked against what the route takes. */
export function contentEncoding(request: Request, accepted: readonly string[]): string {
  return checkEncoding(request.headers.get('content-encoding'), accepted);
}

/** Media type of the request without parameters, lower case; `''` when missing. */
export function mediaType(request: Request): string {
  return mediaTypeOf(request.headers.get('content-type'));
}

async function readRaw(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes, 'as sent');
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array(0);
  let expired = false;
  const deadline = setTimeout(() => {
    expired = true;
    void reader.cancel('deadline').catch(() => undefined);
  }, BODY_DEADLINE_MS);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) {
        void reader.cancel('too large').catch(() => undefined);
        throw tooLarge(maxBytes, 'as sent');
      }
      parts.push(value);
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw cutOff(cause);
  } finally {
    clearTimeout(deadline);
  }
  if (expired) throw tooSlow();
  if (declared && size < declared)
    throw new Fault(400, 'body-cut-off', `the body ended after ${size} of ${declared} bytes; send it again`);
  const only = parts.length === 1 ? parts[0] : undefined;
  return only ?? Buffer.concat(parts, size);
}

/** The whole body, decompressed. Throws Fault 400, 408, 413, 415. */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const encoding = contentEncoding(request, limits.encodings);
  return decompress(await readRaw(request, limits.maxBytes), encoding, limits.maxBytes);
}

/**
 * The body in pieces, of any size, gunzipped when its first two bytes say so (whatever the headers say: log files
 * are often sent as they lie on disk). The consumer's pace holds back the sender.
 */
export async function* streamBody(request: Request): AsyncGenerator<Uint8Array> {
  contentEncoding(request, ['gzip', 'x-gzip']);
  const reader = request.body?.getReader();
  if (!reader) return;
  let head = new Uint8Array(0);
  while (head.byteLength < 2) {
    const part = await nextPart(reader);
    if (!part) break;
    head = head.byteLength ? Buffer.concat([head, part]) : part;
  }
  async function* wire(from: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield head;
    for (let part = await nextPart(from); part; part = await nextPart(from)) yield part;
  }
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(wire(reader));
  else yield* wire(reader);
}

/** The next piece; undefined at the end. Throws Fault 400 when the connection breaks, 408 when it falls silent. */
async function nextPart(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    void reader.cancel('silence').catch(() => undefined);
  }, SILENCE_MS);
  try {
    const { value } = await reader.read();
    if (!silent) return value as Uint8Array<ArrayBuffer> | undefined;
  } catch (cause) {
    throw cutOff(cause);
  } finally {
    clearTimeout(timer);
  }
  throw new Fault(
    408,
    'body-too-slow',
    `nothing arrived for ${SILENCE_MS / 1000} s; what came before is stored, send the file again`,
  );
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzipper: Gunzip = createGunzip();
  const feed = (async () => {
    for await (const part of source) {
      if (!gunzipper.write(part)) await new Promise<void>((resolve) => gunzipper.once('drain', resolve));
    }
    gunzipper.end();
  })().catch((error: Error) => gunzipper.destroy(error));
  try {
    for await (const part of gunzipper) yield part as Uint8Array;
  } catch (cause) {
    if (isFault(cause)) throw cause;
    throw new Fault(400, 'malformed-encoding', `the body is not valid gzip: ${(cause as Error).message}`, {
      cause,
    });
  }
  await feed;
}

/** Throws Fault 415 unless the request says it is JSON, or says nothing. */
export function requireJson(request: Request): void {
  const type = mediaType(request);
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json'))
    throw new Fault(
      415,
      'unsupported-type',
      `Content-Type '${type.slice(0, 100)}' is not taken here; send application/json`,
    );
}

/** A JSON body of a control request. */
export async function readJson(request: Request, maxBytes = MIB): Promise<unknown> {
  requireJson(request);
  return parseJson(await readBody(request, { maxBytes, encodings: ['gzip'] }));
}
