import type { ByteWriter } from './bytes.ts';
import type { PlaneWriter } from './plane-writer.ts';
import { ResidualLengths } from './residual-lengths.ts';
import * as f from './value-format.ts';
import { type ValuesApart, writeBits } from './values-apart.ts';

/** Writes values that are no whole numbers: their 64 bits are taken for one. */
export class BitsEncoder {
  private readonly planes: PlaneWriter;
  private readonly apart: ValuesApart;
  private readonly numbers: ByteWriter;
  private readonly above = new ResidualLengths();
  private readonly delta = new ResidualLengths();
  private low = new Uint32Array(0);
  private high = new Uint32Array(0);
  private special = new Uint8Array(0);

  constructor(planes: PlaneWriter, apart: ValuesApart, numbers: ByteWriter) {
    this.planes = planes;
    this.apart = apart;
    this.numbers = numbers;
  }

  private ensure(count: number): void {
    if (count <= this.low.length) return;
    const size = Math.max(count, this.low.length * 2, 512);
    this.low = new Uint32Array(size);
    this.high = new Uint32Array(size);
    this.special = new Uint8Array(size);
  }

  add(values: Float64Array, words: Uint32Array): { mode: number; width: number } {
    const count = values.length;
    this.ensure(count);
    this.findSpecial(values);
    const { low, high, above, delta, numbers } = this;
    this.aboveLeast(words, count);
    this.measure(above, count);
    this.deltas(words, count);
    this.measure(delta, count);
    const isDelta = delta.cost < above.cost;
    const chosen = isDelta ? delta : above;
    const base = isDelta ? 0 : this.aboveLeast(words, count);
    const from = isDelta ? 1 : 0;
    const width = Math.max(8, chosen.width);
    this.setApart(count, width);
    const sparse = chosen.zeros > count / 8;
    writeBits(numbers, words, base);
    this.apart.write(numbers, words, (i) => writeBits(numbers, words, i));
    let end = count;
    if (sparse) {
      this.planes.bitmap((i) => low[i] === 0 && high[i] === 0, from, count);
      end = this.dense(from, count);
      numbers.varint(end - from);
    }
    this.planes.words(low, high, from, end, width);
    const mode =
      f.BITS |
      (isDelta ? f.DELTA : f.ABOVE_LEAST) |
      (sparse ? f.SPARSE : 0) |
      (this.apart.none ? 0 : f.PATCHED);
    return { mode, width };
  }

  /** With many of them, or one in first place, NaN and infinite are bits like all others. */
  private findSpecial(values: Float64Array): void {
    const { special } = this;
    const count = values.length;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const isSpecial = Number.isFinite(values[i]) ? 0 : 1;
      special[i] = isSpecial;
      found += isSpecial;
    }
    if (found > count >> 3 || special[0] === 1) special.fill(0, 0, count);
  }

  /** Gives the place of the least. */
  private aboveLeast(words: Uint32Array, count: number): number {
    const { low, high, special } = this;
    let base = 0;
    let baseLow = words[0] as number;
    let baseHigh = words[1] as number;
    for (let i = 1; i < count; i++) {
      const h = words[2 * i + 1] as number;
      if (h > baseHigh || special[i] === 1) continue;
      const l = words[2 * i] as number;
      if (h === baseHigh && l >= baseLow) continue;
      base = i;
      baseLow = l;
      baseHigh = h;
    }
    for (let i = 0; i < count; i++) {
      const l = words[2 * i] as number;
      low[i] = l - baseLow;
      high[i] = (words[2 * i + 1] as number) - baseHigh - (l < baseLow ? 1 : 0);
    }
    return base;
  }

  /** Differences, zigzag; 0 at special values. */
  private deltas(words: Uint32Array, count: number): void {
    const { low, high, special } = this;
    let lastLow = words[0] as number;
    let lastHigh = words[1] as number;
    for (let i = 0; i < count; i++) {
      const l = words[2 * i] as number;
      const h = words[2 * i + 1] as number;
      if (special[i] === 1) {
        low[i] = 0;
        high[i] = 0;
        continue;
      }
      const dl = (l - lastLow) | 0;
      const dh = (h - lastHigh - (l < lastLow ? 1 : 0)) | 0;
      const sign = dh >> 31;
      low[i] = (dl << 1) ^ sign;
      high[i] = ((dh << 1) | (dl >>> 31)) ^ sign;
      lastLow = l;
      lastHigh = h;
    }
  }

  private measure(lengths: ResidualLengths, count: number): void {
    const { low, high, special } = this;
    lengths.of.fill(0);
    for (let i = 0; i < count; i++) {
      if (special[i] === 1) continue;
      const bits = lengthOf(low[i] as number, high[i] as number);
      lengths.of[bits] = (lengths.of[bits] as number) + 1;
    }
    lengths.measure(count);
  }

  private setApart(count: number, width: number): void {
    const { low, high, special, apart } = this;
    apart.clear();
    for (let i = 0; i < count; i++) {
      if (special[i] === 0 && lengthOf(low[i] as number, high[i] as number) <= width) continue;
      apart.add(i, special[i] === 0);
      low[i] = 0;
      high[i] = 0;
    }
  }

  private dense(from: number, to: number): number {
    const { low, high } = this;
    let end = from;
    for (let i = from; i < to; i++) {
      const l = low[i] as number;
      const h = high[i] as number;
      if (l === 0 && h === 0) continue;
      low[end] = l;
      high[end++] = h;
    }
    return end;
  }
}

const lengthOf = (low: number, high: number): number =>
  high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
