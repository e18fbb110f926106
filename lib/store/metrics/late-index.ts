/** A power of two. Each part grows by itself: a whole table of millions would hold up whoever adds the one more. */
const PARTS_BITS = 6;
const PARTS = 2 ** PARTS_BITS;

interface Part {
  table: Int32Array;
  used: number;
  /** How many it takes before it grows. Not the same share for all, or they would grow at the same time. */
  room: number;
}

/** Finds samples of series that do not come in order: open hash tables of their places, 6 to 16 bytes a sample. */
export class LateIndex {
  private readonly parts: Part[] = Array.from({ length: PARTS }, (_, i) => partOf(64, i));
  private readonly slotAt: (place: number) => number;
  private readonly timeAt: (place: number) => number;

  /** @param slotAt whose sample stands at a place, @param timeAt and when it was */
  constructor(slotAt: (place: number) => number, timeAt: (place: number) => number) {
    this.slotAt = slotAt;
    this.timeAt = timeAt;
  }

  /** @returns -1 when it is not there */
  find(slot: number, at: number): number {
    const h = hash(slot, at);
    const { table } = this.parts[h >>> (32 - PARTS_BITS)] as Part;
    const mask = table.length - 1;
    for (let i = h & mask; ; i = (i + 1) & mask) {
      const place = table[i] as number;
      if (place < 0 || (this.timeAt(place) === at && this.slotAt(place) === slot)) return place;
    }
  }

  add(slot: number, at: number, place: number): void {
    const h = hash(slot, at);
    const index = h >>> (32 - PARTS_BITS);
    let part = this.parts[index] as Part;
    if (part.used >= part.room) part = this.grow(index, part);
    put(part.table, h, place);
    part.used++;
  }

  private grow(index: number, before: Part): Part {
    const part = partOf(before.table.length * 2, index);
    for (const place of before.table)
      if (place >= 0) put(part.table, hash(this.slotAt(place), this.timeAt(place)), place);
    part.used = before.used;
    this.parts[index] = part;
    return part;
  }
}

const partOf = (size: number, index: number): Part => ({
  table: new Int32Array(size).fill(-1),
  used: 0,
  room: Math.floor(size * (0.35 + (0.3 * index) / PARTS)),
});

function put(table: Int32Array, h: number, place: number): void {
  const mask = table.length - 1;
  let i = h & mask;
  while ((table[i] as number) >= 0) i = (i + 1) & mask;
  table[i] = place;
}

function hash(slot: number, at: number): number {
  // Times of one series differ by whole steps: the multiplications spread them over all bits.
  let h = Math.imul(slot ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(at % 0x7fffffff, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
