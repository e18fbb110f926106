/** Writes small protobuf messages: answers of ours, and what tests send. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];

  /** A signed 64-bit varint. Zero is written too: leave it out where proto3 would. */
  int(field: number, value: number | bigint): this {
    return this.#put(varint(field * 8), varint(value));
  }

  fixed64(field: number, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    return this.#put(varint(field * 8 + 1), bytes);
  }

  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.#put(varint(field * 8 + 1), bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#put(varint(field * 8 + 2), varint(value.length), value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish());
  }

  /** Packed. */
  varints(field: number, values: readonly (number | bigint)[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)));
  }

  /** Packed. */
  doubles(field: number, values: readonly number[]): this {
    const bytes = Buffer.alloc(8 * values.length);
    for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
    return this.bytes(field, bytes);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #put(...parts: Uint8Array[]): this {
    this.#parts.push(...parts);
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
