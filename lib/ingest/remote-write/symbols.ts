import { isUtf8 } from 'node:buffer';
import { Fault } from '#lib/model/fault.ts';
import type { ProtoReader } from '../protobuf/reader.ts';
import { ByteCache } from './byte-cache.ts';

/** A text of the symbol table. Equal ids mean equal texts, in every body that the decoder takes. */
export interface WriteSymbol {
  readonly id: number;
  /** With U+FFFD where it is not UTF-8. */
  readonly text: string;
  readonly isValid: boolean;
}

/** io.prometheus.write.v2.Request.symbols */
const SYMBOLS = 0x22;
const MAX_SYMBOLS = 1_000_000;
/** Longer ones are no labels; they are decoded each time. */
const LONGEST_KEPT = 4096;
/** Ids are written as 32 bits. */
const MAX_ID = 0x7fffffff;

const EMPTY: WriteSymbol = { id: 0, text: '', isValid: true };

/** Symbol tables of remote_write 2.0, with the texts remembered from body to body. */
export class SymbolTable {
  #known = new ByteCache<WriteSymbol>();
  #list: WriteSymbol[] = [];
  #nextId = 1;

  /**
   * Reads all symbols of a body, which may stand anywhere in it; the reader is then where it was.
   * @returns false when ids begin anew, so that those seen before mean nothing any more
   */
  read(reader: ProtoReader): boolean {
    const isAnew = this.#nextId > MAX_ID - MAX_SYMBOLS;
    if (isAnew) {
      this.#known = new ByteCache();
      this.#nextId = 1;
    }
    this.#list = [];
    const start = reader.pos;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === SYMBOLS) this.#list.push(this.#symbol(reader));
      else reader.skip(tag);
      if (this.#list.length > MAX_SYMBOLS)
        throw new Fault(
          413,
          'too-many-symbols',
          `the body has more than ${MAX_SYMBOLS} symbols; send smaller batches (remote_write: queue_config.max_samples_per_send)`,
        );
    }
    reader.pos = start;
    return !isAnew;
  }

  get length(): number {
    return this.#list.length;
  }

  at(ref: number): WriteSymbol | undefined {
    return this.#list[ref];
  }

  #symbol(reader: ProtoReader): WriteSymbol {
    const start = reader.pass();
    const { bytes, view, pos: end } = reader;
    if (start === end) return EMPTY;
    if (this.#known.follow(view, start, end) === end - start) return this.#known.followed() ?? EMPTY;
    const known = this.#known.get(bytes, view, start, end);
    if (known !== undefined) return known;
    const text = bytes.toString('utf8', start, end);
    const isValid = !text.includes('\uFFFD') || isUtf8(bytes.subarray(start, end));
    const symbol = { id: this.#nextId++, text, isValid };
    if (end - start <= LONGEST_KEPT) this.#known.set(bytes, view, start, end, symbol);
    return symbol;
  }
}
