/** Finds samples of series that do not come in order: an open hash table of their places, 8 to 16 bytes a sample. */
export class LateIndex {
  private table = new Int32Array(1024).fill(-1);
  private used = 0;
  private readonly slotAt: (place: number) => number;
  private readonly timeAt: (place: number) => number;

  /** @param slotAt whose sample stands at a place, @param timeAt and when it was */
  constructor(slotAt: (place: number) => number, timeAt: (place: number) => number) {
    this.slotAt = slotAt;
    this.timeAt = timeAt;
  }

  /** @returns -1 when it is not there */
  find(slot: number, at: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let i = hash(slot, at) & mask; ; i = (i + 1) & mask) {
      const place = table[i] as number;
      if (place < 0 || (this.timeAt(place) === at && this.slotAt(place) === slot)) return place;
    }
  }

  add(slot: number, at: number, place: number): void {
    if (this.used * 2 >= this.table.length) this.grow();
    this.put(slot, at, place);
    this.used++;
  }

  private put(slot: number, at: number, place: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let i = hash(slot, at) & mask;
    while ((table[i] as number) >= 0) i = (i + 1) & mask;
    table[i] = place;
  }

  private grow(): void {
    const before = this.table;
    this.table = new Int32Array(before.length * 2).fill(-1);
    for (const place of before) if (place >= 0) this.put(this.slotAt(place), this.timeAt(place), place);
  }
}

function hash(slot: number, at: number): number {
  // Times of one series differ by whole steps: the multiplications spread them over all bits.
  let h = Math.imul(slot ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(at % 0x7fffffff, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
