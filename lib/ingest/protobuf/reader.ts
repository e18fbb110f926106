import { Fault } from '#lib/model/fault.ts';
import { StringCache } from './strings.ts';

export const MAX_DEPTH = 64;

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FIXED32 = 5;

const TWO_32 = 4294967296;

const strings = new StringCache();

/**
 * Reads protobuf fields in the order they stand, without a schema and without allocating for numbers.
 * Every read is checked against the end of the message it is in; what does not fit is a 400 `Fault`.
 */
export class ProtoReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  pos = 0;
  /** End of the message that is being read. */
  end: number;
  /** Nanoseconds left over (0…999) by the last `fixed64Micros`. */
  nanos = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  more(): boolean {
    return this.pos < this.end;
  }

  fail(problem: string): never {
    throw new Fault(
      400,
      'malformed-protobuf',
      `the protobuf message is broken at byte ${this.pos} of ${this.bytes.length}: ${problem}; send the message whole and uncompressed once its content-encoding is undone`,
    );
  }

  /** Field number × 8 + wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) this.fail('field number 0');
    return tag;
  }

  /** A varint of which the low 32 bits matter (tags, enums, small counts). */
  uint32(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let result = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) this.fail('it ends inside a number');
      const byte = bytes[pos++] ?? 0;
      if (shift < 32) result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = pos;
        return result >>> 0;
      }
    }
    return this.fail('a number longer than 10 bytes');
  }

  /** A signed 64-bit varint; beyond ±2^53 the nearest number. */
  int64(): number {
    const low = this.#varintWords();
    const high = this.#high | 0;
    return high * TWO_32 + low;
  }

  /** An unsigned 64-bit varint; beyond 2^53 the nearest number. */
  uint64(): number {
    const low = this.#varintWords();
    return this.#high * TWO_32 + low;
  }

  /** A zigzag varint (`sint32`, `sint64`); beyond ±2^53 the nearest number. */
  sint64(): number {
    const low = this.#varintWords();
    const magnitude = this.#high * 2147483648 + (low >>> 1);
    return (low & 1) === 0 ? magnitude : -magnitude - 1;
  }

  /** A signed 64-bit varint: a number while that is exact, else its decimal text. */
  exactInt64(): number | string {
    const low = this.#varintWords();
    const high = this.#high | 0;
    const value = high * TWO_32 + low;
    return Number.isSafeInteger(value) ? value : ((BigInt(high) << 32n) + BigInt(low)).toString();
  }

  #high = 0;

  /** Low word; the high one is left in `#high`. */
  #varintWords(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) this.fail('it ends inside a number');
      const byte = bytes[pos++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.pos = pos;
        this.#high = high >>> 0;
        return low >>> 0;
      }
    }
    return this.fail('a number longer than 10 bytes');
  }

  bool(): boolean {
    return this.#varintWords() !== 0 || this.#high !== 0;
  }

  fixed32(): number {
    const at = this.#take(4);
    return this.view.getUint32(at, true);
  }

  double(): number {
    const at = this.#take(8);
    return this.view.getFloat64(at, true);
  }

  /** Unsigned 64-bit; beyond 2^53 the nearest number. */
  fixed64(): number {
    const at = this.#take(8);
    return this.view.getUint32(at + 4, true) * TWO_32 + this.view.getUint32(at, true);
  }

  /** Signed 64-bit; beyond ±2^53 the nearest number. */
  sfixed64(): number {
    const at = this.#take(8);
    return this.view.getInt32(at + 4, true) * TWO_32 + this.view.getUint32(at, true);
  }

  /** Unsigned nanoseconds → whole microseconds, exact below 2^53; what is left stands in `nanos`. */
  fixed64Micros(): number {
    const at = this.#take(8);
    const high = this.view.getUint32(at + 4, true);
    // 2^32 = 4 294 967 × 1000 + 296
    const rest = high * 296 + this.view.getUint32(at, true);
    const micros = Math.floor(rest / 1000);
    this.nanos = rest - micros * 1000;
    return high * 4_294_967 + micros;
  }

  /** Length of a delimited field, which is there in full. */
  length(): number {
    const first = this.bytes[this.pos] ?? 0;
    let length = first;
    if (first < 0x80 && this.pos < this.end) this.pos++;
    else {
      length = this.#varintWords();
      if (this.#high !== 0) this.fail('a length beyond 2^32');
    }
    if (length > this.end - this.pos)
      this.fail(`a field of ${length} bytes where ${this.end - this.pos} are left`);
    return length;
  }

  /** Passes over a delimited field; returns where its bytes begin, they end at `pos`. */
  pass(): number {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    return start;
  }

  /** Invalid UTF-8 becomes U+FFFD; `isUtf8` tells. */
  string(): string {
    const start = this.pass();
    return strings.decode(this.bytes, start, this.pos);
  }

  /** Lower-case hexadecimal. */
  hex(): string {
    const start = this.pass();
    return this.bytes.toString('hex', start, this.pos);
  }

  base64(): string {
    const start = this.pass();
    return this.bytes.toString('base64', start, this.pos);
  }

  /** Goes into a delimited message; give what it returns to `leave`. */
  enter(): number {
    const outer = this.end;
    const length = this.length();
    if (++this.#depth > MAX_DEPTH) this.fail(`messages nested deeper than ${MAX_DEPTH}`);
    this.end = this.pos + length;
    return outer;
  }

  leave(outer: number): void {
    this.#depth--;
    this.pos = this.end;
    this.end = outer;
  }

  /** Passes over the value of a field that is not known. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.#varintWords();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case DELIMITED:
        this.pass();
        return;
      case GROUP_START:
        this.#skipGroup(tag);
        return;
      case FIXED32:
        this.#take(4);
        return;
      default:
        this.fail(
          (tag & 7) === GROUP_END
            ? 'a group ends that never began'
            : `wire type ${tag & 7}, which does not exist`,
        );
    }
  }

  #skipGroup(tag: number): void {
    const open = [tag];
    while (open.length > 0) {
      if (open.length > MAX_DEPTH) this.fail(`groups nested deeper than ${MAX_DEPTH}`);
      const next = this.tag();
      if ((next & 7) === GROUP_START) open.push(next);
      else if ((next & 7) !== GROUP_END) this.skip(next);
      else if (next !== (open.pop() ?? 0) + 1) this.fail('a group ends that another began');
    }
  }

  #take(size: number): number {
    const at = this.pos;
    if (size > this.end - at) this.fail(`a number of ${size} bytes where ${this.end - at} are left`);
    this.pos = at + size;
    return at;
  }
}
