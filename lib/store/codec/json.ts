import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const PLAIN = 0;
const ZSTD = 1;
/** Below this, compression costs more than it saves. */
const WORTH_IT = 256;

/** Bytes with a mark whether they are compressed; they are when it makes them smaller. */
export function pack(bytes: Uint8Array, level = 3): Uint8Array<ArrayBuffer> {
  if (bytes.length >= WORTH_IT) {
    const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });
    if (packed.length < bytes.length) return marked(ZSTD, packed);
  }
  return marked(PLAIN, bytes);
}

export function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === PLAIN) return bytes.subarray(1);
  if (bytes[0] === ZSTD) return zstdDecompressSync(bytes.subarray(1));
  throw new RangeError(`blob of kind ${bytes[0]}`);
}

function marked(mark: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length + 1);
  out[0] = mark;
  out.set(bytes, 1);
  return out;
}

/** JSON, compressed where it pays. Only for values that JSON carries whole. */
export const encodeJson = (value: unknown, level = 1): Uint8Array<ArrayBuffer> =>
  pack(Buffer.from(JSON.stringify(value)), level);

export const decodeJson = <T>(bytes: Uint8Array): T =>
  JSON.parse(Buffer.from(unpack(bytes)).toString('utf8')) as T;
