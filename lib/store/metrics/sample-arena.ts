import type { Columns } from './columns.ts';
import { sortColumns } from './columns.ts';
import { LateIndex } from './late-index.ts';
import type { SharedSamples } from './shared-samples.ts';

/** Samples per block: a series that has one sample in this head costs one block. */
const BLOCK = 16;
const BLOCK_BITS = 4;
const PAGE_BITS = 12;
const PAGE_MASK = 2 ** PAGE_BITS - 1;
/** Samples per page. */
const PAGE = BLOCK * 2 ** PAGE_BITS;

interface Page {
  readonly timestamps: Float64Array;
  /** the values' bytes */
  readonly words: Uint32Array;
}

const pageOver = (memory: SharedArrayBuffer): Page => ({
  timestamps: new Float64Array(memory, 0, PAGE),
  words: new Uint32Array(memory, PAGE * 8, PAGE * 2),
});

/** Both in memory that the writer thread can be shown. */
const newInts = (size: number): Int32Array => new Int32Array(new SharedArrayBuffer(size * 4));
const newFloats = (size: number): Float64Array => new Float64Array(new SharedArrayBuffer(size * 8));

function grown<T extends Int32Array | Float64Array>(
  column: T,
  size: number,
  fill: number,
  make: (size: number) => T,
): T {
  const wider = make(Math.max(size, Math.floor(column.length * 1.5), 1024));
  wider.set(column);
  wider.fill(fill, column.length);
  return wider;
}

/**
 * Samples in memory, by series slot: chains of small blocks cut from large pages, so that a sample costs
 * 16 bytes and no object. Values are copied as bytes: a staleness marker must not pass through a number.
 */
export class SampleArena {
  count = 0;
  private pages: Page[] = [];
  private memory: SharedArrayBuffer[] = [];
  private blocks = 0;
  private next = newInts(0);
  private first = newInts(0);
  private tail = newInts(0);
  private length = newInts(0);
  private last = newFloats(0);
  /** Slot of each block. */
  private owner = new Int32Array(0);
  /** Slots whose samples did not come in order of time; all of theirs are in the index. */
  private unsorted = new Set<number>();
  private readonly late = new LateIndex(
    (place) => this.owner[place >>> BLOCK_BITS] as number,
    (place) =>
      (this.pages[place >>> (BLOCK_BITS + PAGE_BITS)] as Page).timestamps[place & (PAGE - 1)] as number,
  );

  /** To read what another thread shared. */
  static over(shared: SharedSamples): SampleArena {
    const arena = new SampleArena();
    arena.memory = [...shared.pages];
    arena.pages = arena.memory.map(pageOver);
    arena.next = shared.next;
    arena.first = shared.first;
    arena.length = shared.length;
    arena.unsorted = new Set(shared.unsorted);
    return arena;
  }

  /** The memory itself: append nothing after. */
  share(): SharedSamples {
    const { memory, next, first, length, unsorted } = this;
    return { pages: memory, next, first, length, unsorted: [...unsorted] };
  }

  /** Makes room for slots below `size`. */
  ensure(size: number): void {
    if (size <= this.first.length) return;
    this.first = grown(this.first, size, -1, newInts);
    this.tail = grown(this.tail, size, -1, newInts);
    this.length = grown(this.length, size, 0, newInts);
    this.last = grown(this.last, size, Number.NEGATIVE_INFINITY, newFloats);
  }

  /** How many samples a slot has. */
  size(slot: number): number {
    return slot < this.length.length ? (this.length[slot] as number) : 0;
  }

  /**
   * Appends `timestamps[from…to)` and the values' words beside them.
   * @returns how many had a timestamp that this slot already holds with another value (they are not kept)
   */
  append(slot: number, timestamps: Float64Array, words: Uint32Array, from: number, to: number): number {
    let conflicts = 0;
    for (let i = from; i < to; i++) {
      const at = timestamps[i] as number;
      if (at <= (this.last[slot] as number)) {
        const known = this.find(slot, at);
        if (known >= 0) {
          const page = this.pages[known >>> (BLOCK_BITS + PAGE_BITS)] as Page;
          const j = (known & (PAGE - 1)) * 2;
          if (page.words[j] !== words[2 * i] || page.words[j + 1] !== words[2 * i + 1]) conflicts++;
          continue;
        }
        if (!this.unsorted.has(slot)) this.indexAll(slot);
      } else this.last[slot] = at;
      const n = this.length[slot] as number;
      const inBlock = n & (BLOCK - 1);
      if (inBlock === 0) this.addBlock(slot);
      const block = this.tail[slot] as number;
      const page = this.pages[block >>> PAGE_BITS] as Page;
      const j = ((block & PAGE_MASK) << BLOCK_BITS) + inBlock;
      page.timestamps[j] = at;
      page.words[2 * j] = words[2 * i] as number;
      page.words[2 * j + 1] = words[2 * i + 1] as number;
      this.length[slot] = n + 1;
      this.count++;
      if (this.unsorted.size > 0 && this.unsorted.has(slot)) this.late.add(slot, at, block * BLOCK + inBlock);
    }
    return conflicts;
  }

  has(slot: number): boolean {
    return this.size(slot) > 0;
  }

  /** Whether a slot has a sample at just this time. */
  hasAt(slot: number, at: number): boolean {
    return this.has(slot) && this.find(slot, at) >= 0;
  }

  /** Samples of a slot with from ≤ t ≤ to; undefined when there are none. */
  read(slot: number, from: number, to: number): Columns | undefined {
    const total = this.size(slot);
    if (total === 0) return undefined;
    const timestamps = new Float64Array(total);
    const values = new Float64Array(total);
    const out = new Uint32Array(values.buffer);
    let kept = 0;
    let left = total;
    for (let block = this.first[slot] as number; left > 0; block = this.next[block] as number) {
      const page = this.pages[block >>> PAGE_BITS] as Page;
      const base = (block & PAGE_MASK) << BLOCK_BITS;
      const n = Math.min(left, BLOCK);
      for (let j = base; j < base + n; j++) {
        const at = page.timestamps[j] as number;
        if (at < from || at > to) continue;
        timestamps[kept] = at;
        out[2 * kept] = page.words[2 * j] as number;
        out[2 * kept + 1] = page.words[2 * j + 1] as number;
        kept++;
      }
      left -= n;
    }
    if (kept === 0) return undefined;
    const columns =
      kept === total
        ? { timestamps, values }
        : { timestamps: timestamps.subarray(0, kept), values: values.subarray(0, kept) };
    return this.unsorted.has(slot) ? sortColumns(columns) : columns;
  }

  private addBlock(slot: number): void {
    const block = this.blocks++;
    if ((block & PAGE_MASK) === 0) {
      const memory = new SharedArrayBuffer(PAGE * 16);
      this.memory.push(memory);
      this.pages.push(pageOver(memory));
    }
    if (block >= this.next.length) {
      this.next = grown(this.next, block + 1, -1, newInts);
      this.owner = grown(this.owner, block + 1, -1, (size) => new Int32Array(size));
    }
    this.owner[block] = slot;
    const tail = this.tail[slot] as number;
    if (tail < 0) this.first[slot] = block;
    else this.next[tail] = block;
    this.tail[slot] = block;
  }

  private indexAll(slot: number): void {
    this.unsorted.add(slot);
    let left = this.length[slot] as number;
    for (let block = this.first[slot] as number; left > 0; block = this.next[block] as number) {
      const page = this.pages[block >>> PAGE_BITS] as Page;
      const base = (block & PAGE_MASK) << BLOCK_BITS;
      const n = Math.min(left, BLOCK);
      for (let j = 0; j < n; j++) this.late.add(slot, page.timestamps[base + j] as number, block * BLOCK + j);
      left -= n;
    }
  }

  /** Place of a timestamp in a slot, -1 when it is not there. */
  private find(slot: number, at: number): number {
    const n = this.length[slot] as number;
    if (n === 0) return -1;
    // The usual case of a repeated timestamp: it is the newest one.
    if (this.last[slot] === at && !this.unsorted.has(slot))
      return (this.tail[slot] as number) * BLOCK + ((n - 1) & (BLOCK - 1));
    if (!this.unsorted.has(slot)) this.indexAll(slot);
    return this.late.find(slot, at);
  }
}
