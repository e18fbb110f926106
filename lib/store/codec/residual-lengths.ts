/** What a value apart costs, roughly, in bits. */
const APART_BITS = 48;
const LOG2 = Float64Array.from({ length: 4096 }, (_, i) => Math.log2(i));
const log2 = (n: number): number => (n < 4096 ? (LOG2[n] as number) : Math.log2(n));

const WIDTHS = [0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64];
/** By length: the least width that holds it. */
const WIDTH_FOR = Uint8Array.from({ length: 65 }, (_, bits) => WIDTHS.find((w) => w >= bits) ?? 64);

/** Number of bits of a whole number from 0 to 2^53. */
export const bitLength = (value: number): number =>
  value < 0x80000000 ? 32 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / 0x80000000));

/** How many residuals may stand apart, so that the others can be narrower. */
export const mayStandApart = (count: number): number => (count < 16 ? 0 : Math.max(1, count >> 8));

/** How long the residuals of a row are, to choose how to write them. */
export class ResidualLengths {
  readonly of = new Uint32Array(65);
  /** Set by `measure`. */
  width = 0;
  cost = 0;

  get zeros(): number {
    return this.of[0] as number;
  }

  /**
   * Chooses the width that all but a few fit in, and tells what an entropy coder would need, nearly: the
   * entropy of the lengths and the bits below the first.
   */
  measure(total: number): void {
    const { of } = this;
    let apart = mayStandApart(total);
    let top = 64;
    while (top > 0 && apart >= (of[top] as number)) apart -= of[top--] as number;
    const width = WIDTH_FOR[top] as number;
    let cost = 0;
    for (let bits = 0; bits <= width; bits++) {
      const n = of[bits] as number;
      if (n !== 0) cost += n * (log2(total) - log2(n) + (bits === 0 ? 0 : bits - 1));
    }
    for (let bits = width + 1; bits <= 64; bits++) cost += (of[bits] as number) * APART_BITS;
    this.width = width;
    this.cost = cost;
  }
}
