import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Version, then the CRC-32 of all that follows. */
const HEAD_BYTES = 5;

/** Parts can be no larger than this, whatever damaged bytes say. */
const MAX_PART = 2 ** 28;

/** Parts, each compressed where that makes it smaller, under a checksum. */
export function seal(version: number, parts: readonly Uint8Array[], level = 3): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(64 + parts.reduce((n, part) => n + part.length, 0));
  out.byte(version);
  out.raw(new Uint8Array(HEAD_BYTES - 1));
  for (const part of parts) writePart(out, part, level);
  const bytes = out.finish();
  new DataView(bytes.buffer).setUint32(1, crc32(bytes.subarray(HEAD_BYTES)), true);
  return bytes;
}

/** Length; if there is any, length when compressed (0: it is not) and the bytes. */
function writePart(out: ByteWriter, bytes: Uint8Array, level: number): void {
  out.varint(bytes.length);
  if (bytes.length === 0) return;
  const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });
  const pays = packed.length < bytes.length;
  out.varint(pays ? packed.length : 0);
  out.raw(pays ? packed : bytes);
}

/** Gives the parts of what `seal` made, in order; throws a RangeError on damaged bytes. */
export class SealedParts {
  private readonly input: ByteReader;

  constructor(version: number, data: Uint8Array) {
    if (data.length < HEAD_BYTES) throw new RangeError(`sealed bytes are cut off: ${data.length}`);
    if (data[0] !== version) throw new RangeError(`sealed bytes of version ${data[0]} instead of ${version}`);
    const sum = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(1, true);
    if (crc32(data.subarray(HEAD_BYTES)) !== sum)
      throw new RangeError('sealed bytes are damaged: their checksum differs');
    this.input = new ByteReader(data);
    this.input.at = HEAD_BYTES;
  }

  next(): Uint8Array {
    const length = this.input.varint();
    if (length === 0) return new Uint8Array(0);
    if (length > MAX_PART) throw new RangeError(`sealed part of ${length} bytes`);
    const packed = this.input.varint();
    if (packed === 0) return this.input.raw(length);
    const bytes = this.input.raw(packed);
    try {
      // One piece of output of just the size: no growing, no joining.
      const plain = zstdDecompressSync(bytes, { maxOutputLength: length, chunkSize: Math.max(64, length) });
      if (plain.length === length) return plain;
    } catch (error) {
      throw new RangeError('sealed part is damaged', { cause: error });
    }
    throw new RangeError('sealed part is damaged: it has another length');
  }
}
