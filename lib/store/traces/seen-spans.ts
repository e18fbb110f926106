import type { Span } from '#lib/model/span.ts';

const SPAN_ID_DIGITS = 16;
const TRACE_ID_DIGITS = 32;
/** 32-bit words of both ids. */
const WORDS = (SPAN_ID_DIGITS + TRACE_ID_DIGITS) / 8;
const FIRST_CAPACITY = 4096;
const NONE = -1;

/** Writes lower-case hex digits as 32-bit words; false when the text is anything else. */
function writeWords(hex: string, digits: number, out: Uint32Array, at: number): boolean {
  if (hex.length !== digits) return false;
  for (let i = 0; i < digits; ) {
    let word = 0;
    for (const end = i + 8; i < end; i++) {
      const code = hex.charCodeAt(i);
      const digit = code >= 97 && code <= 102 ? code - 87 : code - 48;
      if (digit < 0 || digit > 15 || (digit > 9 && code < 97)) return false;
      word = (word << 4) | digit;
    }
    out[at++] = word;
  }
  return true;
}

/** Pairs of ids, whole and exact, outside the heap: 24 bytes each instead of a string of its own. */
class IdSet {
  private ids = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** Of each place: 0 free, 1 taken, 2 given back. */
  private used = new Uint8Array(FIRST_CAPACITY);
  private count = 0;
  /** Ids of other forms than OpenTelemetry's. */
  readonly texts = new Set<string>();

  has(key: Uint32Array): boolean {
    return this.place(key) === NONE;
  }

  add(key: Uint32Array): void {
    if (this.count * 2 >= this.used.length) this.grow();
    const place = this.place(key);
    if (place === NONE) return;
    this.ids.set(key, place * WORDS);
    this.used[place] = 1;
    this.count++;
  }

  /** The place is not free again: those behind it are found through it. */
  delete(key: Uint32Array): void {
    for (let i = this.start(key); this.used[i] !== 0; i = (i + 1) % this.used.length)
      if (this.used[i] === 1 && this.equals(key, i)) this.used[i] = 2;
  }

  /** Where the key would go; `NONE` when it is there already. */
  private place(key: Uint32Array): number {
    let i = this.start(key);
    for (; this.used[i] !== 0; i = (i + 1) % this.used.length)
      if (this.used[i] === 1 && this.equals(key, i)) return NONE;
    return i;
  }

  private start(key: Uint32Array): number {
    let hash = 0;
    for (let i = 0; i < WORDS; i++) hash = Math.imul(hash ^ (key[i] as number), 0x9e3779b1) ^ (hash >>> 15);
    return (hash >>> 0) % this.used.length;
  }

  private equals(key: Uint32Array, place: number): boolean {
    for (let i = 0; i < WORDS; i++) if (this.ids[place * WORDS + i] !== key[i]) return false;
    return true;
  }

  private grow(): void {
    const { ids, used } = this;
    this.ids = new Uint32Array(ids.length * 2);
    this.used = new Uint8Array(used.length * 2);
    this.count = 0;
    for (let i = 0; i < used.length; i++)
      if (used[i] === 1) this.add(ids.subarray(i * WORDS, (i + 1) * WORDS));
  }
}

/**
 * Spans taken in lately, so that one sent twice (a retry) is stored and counted once. Two halves: rotating
 * drops the older one.
 */
export class SeenSpans {
  private current = new IdSet();
  private previous = new IdSet();
  private readonly key = new Uint32Array(WORDS);

  /** @returns false when the span was seen before */
  take(span: Span): boolean {
    if (!this.read(span)) {
      const text = textOf(span);
      if (this.current.texts.has(text) || this.previous.texts.has(text)) return false;
      this.current.texts.add(text);
      return true;
    }
    if (this.current.has(this.key) || this.previous.has(this.key)) return false;
    this.current.add(this.key);
    return true;
  }

  forget(span: Span): void {
    if (this.read(span)) this.current.delete(this.key);
    else this.current.texts.delete(textOf(span));
  }

  rotate(): void {
    this.previous = this.current;
    this.current = new IdSet();
  }

  /** Puts both ids into `key`; false when they are not of the usual form. */
  private read({ spanId, traceId }: Span): boolean {
    return (
      writeWords(spanId, SPAN_ID_DIGITS, this.key, 0) &&
      writeWords(traceId, TRACE_ID_DIGITS, this.key, SPAN_ID_DIGITS / 8)
    );
  }
}

const textOf = ({ spanId, traceId }: Span): string => `${spanId}:${traceId}`;
