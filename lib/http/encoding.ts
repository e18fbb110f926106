import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import { Fault } from '#lib/model/fault.ts';

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
} as const;

const MIB = 1024 * 1024;
/** A sender that needs longer than this for a bounded body holds a socket, and memory, for nothing. */
export const BODY_DEADLINE_MS = 15_000;

export interface BodyLimits {
  /** Bytes on the wire and, apart from that, after decompression. */
  readonly maxBytes: number;
  /** Content-Encodings taken besides identity. */
  readonly encodings: readonly (keyof typeof decoders | 'snappy')[];
}

/** Media type without parameters, lower case; `''` when missing. */
export function mediaTypeOf(contentType: string | null | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Content-Encoding of a request, checked against what the route takes. */
export function checkEncoding(header: string | null | undefined, accepted: readonly string[]): string {
  const encoding = (header ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '' || accepted.includes(encoding))
    return encoding || 'identity';
  throw new Fault(
    415,
    'unsupported-encoding',
    `Content-Encoding '${encoding.slice(0, 40)}' is not taken here; send ${['identity', ...accepted].join(' or ')}`,
  );
}

/** Undoes the encoding; `snappy` is left to the decoder, which reads the declared length first. */
export async function decompress(raw: Uint8Array, encoding: string, maxBytes: number): Promise<Uint8Array> {
  if (encoding === 'identity' || encoding === 'snappy') return raw;
  const decode = decoders[encoding as keyof typeof decoders];
  try {
    return await decode(raw, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(maxBytes, 'after decompression');
    throw new Fault(
      400,
      'malformed-encoding',
      `the body is not valid ${encoding}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

export function tooLarge(limit: number, when: 'as sent' | 'after decompression'): Fault {
  return new Fault(
    413,
    'body-too-large',
    `the body is larger than ${limit / MIB} MiB ${when}; send smaller batches`,
  );
}

export function cutOff(cause?: unknown): Fault {
  return new Fault(400, 'body-cut-off', 'the connection ended before the body did; send it again', { cause });
}

export function tooSlow(): Fault {
  return new Fault(
    408,
    'body-too-slow',
    `the body did not arrive within ${BODY_DEADLINE_MS / 1000} s; send smaller batches`,
  );
}
