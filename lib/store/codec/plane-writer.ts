import * as f from './value-format.ts';

/** Bytes that grow; kept from block to block. */
class Stream {
  bytes = new Uint8Array(4096);
  length = 0;

  /** Room for so many bytes more, which are 0; gives the place of the first. */
  room(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
    } else this.bytes.fill(0, at, this.length);
    return at;
  }
}

/** Residuals in planes of fixed width, each in the stream of its kind. */
export class PlaneWriter {
  private readonly streams = Array.from({ length: f.STREAMS }, () => new Stream());

  clear(): void {
    for (const stream of this.streams) stream.length = 0;
  }

  lengths(): number[] {
    return this.streams.map((stream) => stream.length);
  }

  body(): Uint8Array {
    const body = new Uint8Array(this.lengths().reduce((a, b) => a + b, 0));
    let at = 0;
    for (const { bytes, length } of this.streams) {
      body.set(bytes.subarray(0, length), at);
      at += length;
    }
    return body;
  }

  private stream(index: number): Stream {
    return this.streams[index] as Stream;
  }

  /** Whole numbers below 2^width at `from … to`. */
  numbers(residuals: Float64Array, from: number, to: number, width: number): void {
    if (width < 8) {
      const stream = this.stream(f.STREAM_SMALL);
      const at = stream.room(Math.ceil(((to - from) * width) / 8));
      packSmall(stream.bytes, at, residuals, from, to, width);
    } else if (width === 8) {
      const stream = this.stream(f.STREAM_BYTE);
      const at = stream.room(to - from) - from;
      for (let i = from; i < to; i++) stream.bytes[at + i] = residuals[i] as number;
    } else {
      for (let plane = 0; plane < width / 8; plane++) {
        const stream = this.stream(f.STREAM_PLANES + plane);
        const at = stream.room(to - from) - from;
        bytePlane(stream.bytes, at, residuals, from, to, 2 ** (8 * plane));
      }
    }
  }

  /** Numbers of 64 bits, 8 at least, by their low and high words. */
  words(low: Uint32Array, high: Uint32Array, from: number, to: number, width: number): void {
    for (let plane = 0; plane < width / 8; plane++) {
      const stream = this.stream(width === 8 ? f.STREAM_BYTE : f.STREAM_PLANES + plane);
      const at = stream.room(to - from) - from;
      wordPlane(stream.bytes, at, plane < 4 ? low : high, from, to, 8 * (plane & 3));
    }
  }

  /** Where residuals are not zero, from `from` on. */
  bitmap(isZero: (i: number) => boolean, from: number, to: number): void {
    const stream = this.stream(f.STREAM_BITMAP);
    const at = stream.room((to - from + 7) >> 3);
    const { bytes } = stream;
    for (let i = from; i < to; i++) {
      if (isZero(i)) continue;
      const byte = at + ((i - from) >> 3);
      bytes[byte] = (bytes[byte] as number) | (1 << ((i - from) & 7));
    }
  }
}

function packSmall(
  bytes: Uint8Array,
  at: number,
  residuals: Float64Array,
  from: number,
  to: number,
  width: number,
): void {
  for (let i = from, bit = 0; i < to; i++, bit += width) {
    const byte = at + (bit >> 3);
    bytes[byte] = (bytes[byte] as number) | ((residuals[i] as number) << (bit & 7));
  }
}

function bytePlane(
  bytes: Uint8Array,
  at: number,
  residuals: Float64Array,
  from: number,
  to: number,
  scale: number,
): void {
  const factor = 1 / scale;
  // A byte takes the low eight bits of the whole part.
  for (let i = from; i < to; i++) bytes[at + i] = (residuals[i] as number) * factor;
}

function wordPlane(
  bytes: Uint8Array,
  at: number,
  words: Uint32Array,
  from: number,
  to: number,
  shift: number,
): void {
  for (let i = from; i < to; i++) bytes[at + i] = (words[i] as number) >>> shift;
}
