const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Grows as it is written to. Little-endian. Text is stored once, later mentions are its number. */
export class ByteWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private at = 0;
  private texts: Map<string, number> | undefined;

  constructor(size = 1024) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  get length(): number {
    return this.at;
  }

  private room(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + size));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  /** @param value integer from 0 to 2^53 - 1 */
  varint(value: number): void {
    this.room(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.bytes[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  /** @param value integer from -2^52 to 2^52 */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float64(value: number): void {
    this.room(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Integers that fit a zigzag in few bytes, others in full: 0 then the float, or 1 + zigzag. */
  number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 51 && !Object.is(value, -0)) {
      this.varint((value < 0 ? -2 * value - 1 : 2 * value) + 1);
    } else {
      this.byte(0);
      this.float64(value);
    }
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** @param digits lower-case hex digits, an even number of them */
  hex(digits: string): void {
    this.room(digits.length / 2);
    for (let i = 0; i < digits.length; i += 2) {
      const high = digits.charCodeAt(i);
      const low = digits.charCodeAt(i + 1);
      this.bytes[this.at++] = ((high > 57 ? high - 87 : high - 48) << 4) | (low > 57 ? low - 87 : low - 48);
    }
  }

  text(value: string): void {
    this.texts ??= new Map();
    const { size } = this.texts;
    const known = this.texts.get(value);
    this.varint(known ?? size);
    if (known !== undefined) return;
    this.texts.set(value, size);
    this.newText(value);
  }

  /** Text that is not expected again, with its length before it. */
  newText(value: string): void {
    this.room(value.length * 3 + 8);
    if (value.length < 43) {
      // At most 127 bytes of UTF-8: the length takes one byte, known only after writing.
      const { written } = encoder.encodeInto(value, this.bytes.subarray(this.at + 1));
      this.bytes[this.at] = written;
      this.at += 1 + written;
    } else {
      const utf8 = encoder.encode(value);
      this.varint(utf8.length);
      this.raw(utf8);
    }
  }

  /** Forgets what was written, keeps the memory. */
  clear(): void {
    this.at = 0;
    this.texts = undefined;
  }

  /** What was written, until more is. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.at);
  }

  /** A copy that owns its memory. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at);
  }
}

/** Reads what `ByteWriter` wrote; throws a RangeError where the bytes end too early. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly texts: string[] = [];
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError(`bytes end at ${this.bytes.length}`);
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new RangeError(`number too long at ${this.at}`);
  }

  /** A number of items to follow, each of which takes a byte at least: damaged bytes must not ask for the world. */
  count(): number {
    const value = this.varint();
    if (value > this.bytes.length - this.at)
      throw new RangeError(`${value} items cannot follow at ${this.at}`);
    return value;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float64(): number {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  number(): number {
    const tag = this.varint();
    if (tag === 0) return this.float64();
    const value = tag - 1;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  raw(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new RangeError(`bytes end at ${this.bytes.length}`);
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  text(): string {
    const index = this.varint();
    const known = this.texts[index];
    if (known !== undefined) return known;
    if (index !== this.texts.length) throw new RangeError(`text ${index} is not defined at ${this.at}`);
    const value = this.newText();
    this.texts.push(value);
    return value;
  }

  newText(): string {
    return decoder.decode(this.raw(this.varint()));
  }
}
