/** Samples per block: a series that has one sample in this head costs one block. */
const BLOCK = 16;
const BLOCKS_PER_PAGE = 4096;
const PAGE = BLOCK * BLOCKS_PER_PAGE;

interface Page {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** the values' bytes */
  readonly words: Uint32Array;
}

const newPage = (): Page => {
  const values = new Float64Array(PAGE);
  return { timestamps: new Float64Array(PAGE), values, words: new Uint32Array(values.buffer) };
};

export interface Columns {
  /** ascending, unique */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

const grow = <T extends Int32Array | Float64Array>(column: T, size: number, fill: number): T => {
  const Column = column.constructor as new (length: number) => T;
  const grown = new Column(Math.max(size, column.length * 2, 1024));
  grown.set(column);
  grown.fill(fill, column.length);
  return grown;
};

/**
 * Samples in memory, by series slot: chains of small blocks cut from large pages, so that a sample costs
 * 16 bytes and no object. Values are copied as bytes: a staleness marker must not pass through a number.
 */
export class SampleArena {
  count = 0;
  private readonly pages: Page[] = [];
  private blocks = 0;
  private next = new Int32Array(0);
  private first = new Int32Array(0);
  private tail = new Int32Array(0);
  private length = new Int32Array(0);
  private last = new Float64Array(0);
  /** Slots whose samples did not come in order of time. */
  private readonly unsorted = new Set<number>();

  /** Makes room for slots below `size`. */
  ensure(size: number): void {
    if (size <= this.first.length) return;
    this.first = grow(this.first, size, -1);
    this.tail = grow(this.tail, size, -1);
    this.length = grow(this.length, size, 0);
    this.last = grow(this.last, size, Number.NEGATIVE_INFINITY);
  }

  has(slot: number): boolean {
    return slot < this.length.length && (this.length[slot] ?? 0) > 0;
  }

  /**
   * Appends `timestamps[from…to)` and the values' words beside them.
   * @returns how many had a timestamp that this slot already holds with another value (they are not kept)
   */
  append(slot: number, timestamps: Float64Array, words: Uint32Array, from: number, to: number): number {
    let conflicts = 0;
    for (let i = from; i < to; i++) {
      const at = timestamps[i] as number;
      const last = this.last[slot] as number;
      if (at <= last) {
        const known = this.find(slot, at);
        if (known >= 0) {
          const page = this.pages[Math.floor(known / PAGE)] as Page;
          const j = (known % PAGE) * 2;
          if (page.words[j] !== words[2 * i] || page.words[j + 1] !== words[2 * i + 1]) conflicts++;
          continue;
        }
        this.unsorted.add(slot);
      } else this.last[slot] = at;
      const n = this.length[slot] as number;
      const inBlock = n % BLOCK;
      if (inBlock === 0) this.addBlock(slot);
      const where = (this.tail[slot] as number) * BLOCK + inBlock;
      const page = this.pages[Math.floor(where / PAGE)] as Page;
      const j = where % PAGE;
      page.timestamps[j] = at;
      page.words[2 * j] = words[2 * i] as number;
      page.words[2 * j + 1] = words[2 * i + 1] as number;
      this.length[slot] = n + 1;
      this.count++;
    }
    return conflicts;
  }

  /** Samples of a slot with from ≤ t ≤ to; undefined when there are none. */
  read(slot: number, from: number, to: number): Columns | undefined {
    const total = slot < this.length.length ? (this.length[slot] as number) : 0;
    if (total === 0) return undefined;
    let timestamps = new Float64Array(total);
    let values = new Float64Array(total);
    const out = new Uint32Array(values.buffer);
    let kept = 0;
    let left = total;
    for (let block = this.first[slot] as number; left > 0; block = this.next[block] as number) {
      const page = this.pages[Math.floor(block / BLOCKS_PER_PAGE)] as Page;
      const base = (block % BLOCKS_PER_PAGE) * BLOCK;
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
    timestamps = timestamps.subarray(0, kept);
    values = values.subarray(0, kept);
    return this.unsorted.has(slot) ? sortColumns(timestamps, values) : { timestamps, values };
  }

  private addBlock(slot: number): void {
    const block = this.blocks++;
    if (block % BLOCKS_PER_PAGE === 0) this.pages.push(newPage());
    if (block >= this.next.length) this.next = grow(this.next, block + 1, -1);
    const tail = this.tail[slot] as number;
    if (tail < 0) this.first[slot] = block;
    else this.next[tail] = block;
    this.tail[slot] = block;
  }

  /** Place of a timestamp in a slot, -1 when it is not there. Only late samples pay for this. */
  private find(slot: number, at: number): number {
    let left = this.length[slot] as number;
    // The usual case of a repeated timestamp: it is the newest one.
    if (left > 0 && !this.unsorted.has(slot) && this.last[slot] === at)
      return (this.tail[slot] as number) * BLOCK + ((left - 1) % BLOCK);
    for (let block = this.first[slot] as number; left > 0; block = this.next[block] as number) {
      const page = this.pages[Math.floor(block / BLOCKS_PER_PAGE)] as Page;
      const base = (block % BLOCKS_PER_PAGE) * BLOCK;
      const n = Math.min(left, BLOCK);
      for (let j = 0; j < n; j++) if (page.timestamps[base + j] === at) return block * BLOCK + j;
      left -= n;
    }
    return -1;
  }
}

/** Sorts by time; of equal timestamps the one that stands first stays. */
export function sortColumns(timestamps: Float64Array, values: Float64Array): Columns {
  const n = timestamps.length;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = (timestamps[i - 1] as number) < (timestamps[i] as number);
  if (sorted) return { timestamps, values };
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b,
  );
  const sortedTimes = new Float64Array(n);
  const sortedValues = new Float64Array(n);
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * n);
  const out = new Uint32Array(sortedValues.buffer);
  let kept = 0;
  for (const i of order) {
    const at = timestamps[i] as number;
    if (kept > 0 && sortedTimes[kept - 1] === at) continue;
    sortedTimes[kept] = at;
    out[2 * kept] = words[2 * i] as number;
    out[2 * kept + 1] = words[2 * i + 1] as number;
    kept++;
  }
  return { timestamps: sortedTimes.subarray(0, kept), values: sortedValues.subarray(0, kept) };
}

/** Joins parts into one column pair; where two hold the same timestamp, the earlier part's value stays. */
export function joinColumns(parts: readonly Columns[]): Columns | undefined {
  if (parts.length <= 1) return parts[0];
  const total = parts.reduce((sum, p) => sum + p.timestamps.length, 0);
  const timestamps = new Float64Array(total);
  const values = new Float64Array(total);
  const bytes = new Uint8Array(values.buffer);
  let at = 0;
  for (const part of parts) {
    timestamps.set(part.timestamps, at);
    bytes.set(new Uint8Array(part.values.buffer, part.values.byteOffset, part.values.byteLength), at * 8);
    at += part.timestamps.length;
  }
  return sortColumns(timestamps, values);
}
