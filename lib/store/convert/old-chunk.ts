import { inflateRawSync } from 'node:zlib';
import { ByteReader } from '../codec/bytes.ts';
import type { Columns } from '../metrics/columns.ts';

/** Values as the bytes in which they differ; below it, the mode is how many decimals they have. */
const XOR = 15;
/** Added to the mode when what follows is compressed. */
const DEFLATED = 128;

/** A chunk of versions before groups. @param count samples in the chunk, as its row says */
export function decodeChunk(data: Uint8Array, count: number): Columns {
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  const head = data[0] ?? XOR;
  const body = data.subarray(1);
  const input = new ByteReader(head & DEFLATED ? inflateRawSync(body) : body);
  readTimes(input, timestamps);
  const mode = head & 15;
  if (mode === XOR) readXor(input, values);
  else readDeltas(input, values, 10 ** mode);
  return { timestamps, values };
}

function readTimes(input: ByteReader, timestamps: Float64Array): void {
  if (timestamps.length === 0) return;
  let at = input.number();
  timestamps[0] = at;
  let step = 0;
  let i = 1;
  for (;;) {
    const alike = input.varint();
    if (i + alike > timestamps.length) throw new RangeError('chunk holds more times than its row says');
    for (let n = alike; n > 0; n--) {
      at += step;
      timestamps[i++] = at;
    }
    if (i >= timestamps.length) return;
    step += input.number();
    at += step;
    timestamps[i++] = at;
  }
}

function readDeltas(input: ByteReader, values: Float64Array, scale: number): void {
  let whole = 0;
  for (let i = 0; i < values.length; ) {
    const delta = input.zigzag();
    whole += delta;
    const value = whole / scale;
    values[i++] = value;
    if (delta !== 0) continue;
    const more = input.varint();
    if (i + more > values.length) throw new RangeError('chunk holds more values than its row says');
    values.fill(value, i, i + more);
    i += more;
  }
}

function readXor(input: ByteReader, values: Float64Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let base = 0; base < bytes.length; base += 8) {
    if (base > 0) bytes.copyWithin(base, base - 8, base);
    const head = input.byte();
    const low = head >> 4;
    const length = head & 15;
    if (low + length > 8) throw new RangeError('chunk holds a value of more than 8 bytes');
    for (let b = 0; b < length; b++) {
      const at = base + low + b;
      bytes[at] = (bytes[at] as number) ^ input.byte();
    }
  }
}
