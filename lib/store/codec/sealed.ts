import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Version, then the CRC-32 of all that follows. */
const HEAD_BYTES = 5;

/** Parts that are small together are compressed together: each compression has a price of its own. */
const TOGETHER = 32 * 1024;

/** Parts can be no larger than this together, whatever damaged bytes say. */
const MAX_BYTES = 2 ** 28;

/**
 * Parts, compressed where that makes them smaller, under a checksum.
 * @param level of zstd; 0 leaves them as they are
 */
export function seal(version: number, parts: readonly Uint8Array[], level = 3): Uint8Array<ArrayBuffer> {
  const total = parts.reduce((n, part) => n + part.length, 0);
  const pieces = total <= TOGETHER && parts.length > 1 ? [Buffer.concat(parts)] : parts;
  const out = new ByteWriter(64 + total);
  out.byte(version);
  out.raw(new Uint8Array(HEAD_BYTES - 1));
  out.varint(parts.length);
  for (const part of parts) out.varint(part.length);
  out.varint(pieces.length);
  for (const piece of pieces) writePiece(out, piece, level);
  const bytes = out.written();
  new DataView(bytes.buffer).setUint32(1, crc32(bytes.subarray(HEAD_BYTES)), true);
  return out.finish();
}

const compress = (bytes: Uint8Array, level: number): Uint8Array =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });

/** Length when compressed (0: it is not), then the bytes. */
function writePiece(out: ByteWriter, bytes: Uint8Array, level: number): void {
  if (bytes.length === 0) return;
  const packed = level === 0 ? bytes : compress(bytes, level);
  const pays = packed.length < bytes.length;
  out.varint(pays ? packed.length : 0);
  out.raw(pays ? packed : bytes);
}

/** Gives the parts of what `seal` made, in order; throws a RangeError on damaged bytes. */
export class SealedParts {
  private readonly input: ByteReader;
  private readonly lengths: readonly number[];
  private readonly isTogether: boolean;
  private together: Uint8Array | undefined;
  private given = 0;
  private at = 0;

  constructor(version: number, data: Uint8Array) {
    if (data.length < HEAD_BYTES) throw new RangeError(`sealed bytes are cut off: ${data.length}`);
    if (data[0] !== version) throw new RangeError(`sealed bytes of version ${data[0]} instead of ${version}`);
    const sum = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(1, true);
    if (crc32(data.subarray(HEAD_BYTES)) !== sum)
      throw new RangeError('sealed bytes are damaged: their checksum differs');
    const input = new ByteReader(data);
    input.at = HEAD_BYTES;
    this.input = input;
    this.lengths = Array.from({ length: input.count() }, () => input.varint());
    this.isTogether = input.varint() < this.lengths.length;
    if (this.total() > MAX_BYTES) throw new RangeError(`sealed parts of ${this.total()} bytes`);
  }

  private total(): number {
    return this.lengths.reduce((a, b) => a + b, 0);
  }

  next(): Uint8Array {
    const length = this.lengths[this.given++];
    if (length === undefined) throw new RangeError('no more sealed parts');
    if (!this.isTogether) return readPiece(this.input, length);
    this.together ??= readPiece(this.input, this.total());
    this.at += length;
    return this.together.subarray(this.at - length, this.at);
  }
}

function readPiece(input: ByteReader, length: number): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  const packed = input.varint();
  if (packed === 0) return input.raw(length);
  const bytes = input.raw(packed);
  let plain: Uint8Array;
  try {
    // One piece of output of just the size: no growing, no joining.
    plain = zstdDecompressSync(bytes, { maxOutputLength: length, chunkSize: Math.max(64, length) });
  } catch (error) {
    throw new RangeError('sealed part is damaged', { cause: error });
  }
  if (plain.length !== length) throw new RangeError('sealed part is damaged: it has another length');
  return plain;
}
