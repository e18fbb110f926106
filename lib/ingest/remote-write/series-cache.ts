import { randomInt } from 'node:crypto';
import type { SeriesRef } from '#lib/model/metrics.ts';

/** What one generation may hold. */
export interface CacheLimits {
  readonly maxSeries: number;
  readonly maxBytes: number;
}

const LIMITS: CacheLimits = { maxSeries: 1 << 18, maxBytes: 64 * 1024 * 1024 };
/** A longer run of taken slots comes of chosen collisions: what lies past it is not found, and is decoded anew. */
const MAX_PROBES = 64;
/** At a quarter full, runs that come by chance stay far below that. */
const SLOTS_PER_SERIES = 4;

/** One table from raw label bytes to series: open addressing with linear probing, keys in one arena. */
class Generation {
  #slots = new Int32Array(1 << 12);
  readonly #hashes: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #refs: SeriesRef[] = [];
  #arena = Buffer.alloc(1 << 16);
  #view = new DataView(this.#arena.buffer, this.#arena.byteOffset, this.#arena.byteLength);
  #used = 0;
  readonly #limits: CacheLimits;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  full(more: number): boolean {
    return this.#refs.length >= this.#limits.maxSeries || this.#used + more > this.#limits.maxBytes;
  }

  get(view: DataView, start: number, end: number, hash: number): SeriesRef | undefined {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = (this.#slots[(hash + probe) & mask] ?? 0) - 1;
      if (entry < 0) return undefined;
      if (this.#hashes[entry] === hash && this.#same(entry, view, start, end)) return this.#refs[entry];
    }
    return undefined;
  }

  /** Does nothing where too many share the hash: such a series must not crowd others out either. */
  set(bytes: Buffer, start: number, end: number, hash: number, ref: SeriesRef): void {
    if ((this.#refs.length + 1) * SLOTS_PER_SERIES > this.#slots.length) this.#growSlots();
    const slot = this.#freeSlot(hash);
    if (slot < 0) return;
    const length = end - start;
    if (this.#used + length > this.#arena.length) this.#growArena(length);
    bytes.copy(this.#arena, this.#used, start, end);
    this.#hashes.push(hash);
    this.#starts.push(this.#used);
    this.#used += length;
    this.#ends.push(this.#used);
    this.#slots[slot] = this.#refs.push(ref);
  }

  #same(entry: number, view: DataView, start: number, end: number): boolean {
    let at = this.#starts[entry] ?? 0;
    if ((this.#ends[entry] ?? 0) - at !== end - start) return false;
    const own = this.#view;
    let i = start;
    for (; i + 4 <= end; i += 4, at += 4) if (own.getInt32(at, true) !== view.getInt32(i, true)) return false;
    for (; i < end; i++, at++) if (own.getUint8(at) !== view.getUint8(i)) return false;
    return true;
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      if (this.#slots[slot] === 0) return slot;
    }
    return -1;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (const [entry, hash] of this.#hashes.entries()) {
      const slot = this.#freeSlot(hash);
      if (slot >= 0) this.#slots[slot] = entry + 1;
    }
  }

  #growArena(more: number): void {
    const larger = Buffer.alloc(Math.max(this.#arena.length * 2, this.#used + more));
    this.#arena.copy(larger, 0, 0, this.#used);
    this.#arena = larger;
    this.#view = new DataView(larger.buffer, larger.byteOffset, larger.byteLength);
  }
}

/**
 * Known series by the raw bytes of their labels. Bounded: when one generation is full it becomes the old one, a
 * new one starts, and whoever still sends is carried over; what was not seen for a whole generation is forgotten.
 */
export class SeriesCache {
  readonly #seed = randomInt(0x7fffffff);
  readonly #limits: CacheLimits;
  #young: Generation;
  #old: Generation;

  constructor(limits = LIMITS) {
    this.#limits = limits;
    this.#young = new Generation(limits);
    this.#old = new Generation(limits);
  }

  hash(view: DataView, start: number, end: number): number {
    let hash = this.#seed;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; i < end; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x85ebca6b);
    hash ^= hash >>> 16;
    return hash & 0x3fffffff;
  }

  get(bytes: Buffer, view: DataView, start: number, end: number, hash: number): SeriesRef | undefined {
    const young = this.#young.get(view, start, end, hash);
    if (young !== undefined) return young;
    const old = this.#old.get(view, start, end, hash);
    if (old !== undefined) this.set(bytes, start, end, hash, old);
    return old;
  }

  set(bytes: Buffer, start: number, end: number, hash: number, ref: SeriesRef): void {
    if (this.#young.full(end - start)) {
      this.#old = this.#young;
      this.#young = new Generation(this.#limits);
    }
    this.#young.set(bytes, start, end, hash, ref);
  }
}
