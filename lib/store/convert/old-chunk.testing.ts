import { deflateRawSync } from 'node:zlib';
import { ByteWriter } from '../codec/bytes.ts';
import type { Columns } from '../metrics/columns.ts';

/** How the values are written; added to by `DEFLATED` when the rest of the chunk is compressed. */
const XOR = 15;
const MAX_DECIMALS = 9;
const DEFLATED = 128;
/** Below this, deflate's own bytes eat what it saves. */
const WORTH_IT = 48;

/**
 * Samples of one series in few bytes: times as differences of differences (a steady interval costs nothing),
 * values either as whole numbers (after moving the decimal point) and their differences, or as the bytes that
 * differ from the value before.
 */
export function encodeChunk({ timestamps, values }: Columns): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(16 + timestamps.length * 4);
  writeTimes(out, timestamps);
  const decimals = decimalsOf(values);
  if (decimals === undefined) writeXor(out, values);
  else writeDeltas(out, values, 10 ** decimals);
  const body = out.finish();
  const mode = decimals ?? XOR;
  if (body.length >= WORTH_IT) {
    const packed = deflateRawSync(body, { level: 6 });
    if (packed.length < body.length) return withHead(mode | DEFLATED, packed);
  }
  return withHead(mode, body);
}

function withHead(head: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(body.length + 1);
  out[0] = head;
  out.set(body, 1);
  return out;
}

/** The first time, the first difference, then (how many more steps are alike, change of the difference)…. */
function writeTimes(out: ByteWriter, timestamps: Float64Array): void {
  let previous = timestamps[0] ?? 0;
  out.number(previous);
  let step = 0;
  let alike = 0;
  for (let i = 1; i < timestamps.length; i++) {
    const at = timestamps[i] as number;
    if (at - previous === step) alike++;
    else {
      out.varint(alike);
      out.number(at - previous - step);
      step = at - previous;
      alike = 0;
    }
    previous = at;
  }
  out.varint(alike);
}

/**
 * The fewest decimals with which every value is a whole number, exactly both ways; undefined when there is no
 * such number up to nine, or a value is too large, -0, infinite or NaN (whose payload must survive).
 */
function decimalsOf(values: Float64Array): number | undefined {
  let decimals = 0;
  let scale = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    while (!isWhole(value, scale)) {
      decimals++;
      scale *= 10;
      if (decimals > MAX_DECIMALS) return undefined;
    }
  }
  if (decimals > 0) for (const value of values) if (!isWhole(value, scale)) return undefined;
  return decimals;
}

function isWhole(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Math.abs(whole) < 2 ** 50 && whole / scale === value && !Object.is(value, -0);
}

/** Differences of whole numbers; a zero is followed by how many more zeros there are. */
function writeDeltas(out: ByteWriter, values: Float64Array, scale: number): void {
  let previous = 0;
  for (let i = 0; i < values.length; i++) {
    const whole = Math.round((values[i] as number) * scale);
    const delta = whole - previous;
    out.zigzag(delta);
    previous = whole;
    if (delta !== 0) continue;
    let more = 0;
    while (i + 1 < values.length && values[i + 1] === values[i]) {
      more++;
      i++;
    }
    out.varint(more);
  }
}

/** Each value as the bytes in which it differs from the one before: (zero bytes at the low end × 16 + bytes), bytes. */
function writeXor(out: ByteWriter, values: Float64Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const xor = new Uint8Array(8);
  for (let base = 0; base < bytes.length; base += 8) {
    let low = 8;
    let high = -1;
    for (let b = 0; b < 8; b++) {
      const bits = (bytes[base + b] as number) ^ (base === 0 ? 0 : (bytes[base + b - 8] as number));
      xor[b] = bits;
      if (bits === 0) continue;
      if (low === 8) low = b;
      high = b;
    }
    if (high < 0) out.byte(0);
    else {
      out.byte(low * 16 + high - low + 1);
      out.raw(xor.subarray(low, high + 1));
    }
  }
}
