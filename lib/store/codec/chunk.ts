import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Columns } from '../metrics/columns.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

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

/** @param count samples in the chunk, as its row says */
export function decodeChunk(data: Uint8Array, count: number): Columns {
  const columns = { timestamps: new Float64Array(count), values: new Float64Array(count) };
  decodeChunkInto(data, columns);
  return columns;
}

/** Fills both columns, which are as long as the chunk's row says: many chunks can share one piece of memory. */
export function decodeChunkInto(data: Uint8Array, { timestamps, values }: Columns): void {
  const head = data[0] ?? XOR;
  const body = data.subarray(1);
  const input = new ByteReader(head & DEFLATED ? inflateRawSync(body) : body);
  readTimes(input, timestamps);
  const mode = head & 15;
  if (mode === XOR) readXor(input, values);
  else readDeltas(input, values, 10 ** mode);
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
