import { wordsOf } from '#lib/model/metrics.ts';
import { ByteWriter } from './bytes.ts';
import * as f from './value-format.ts';

/** Rows of numbers of one series at a time; grown as needed, never given away. */
class Scratch {
  size = 0;
  whole = new Float64Array(0);
  neighbour = new Float64Array(0);
  residual = new Float64Array(0);
  low = new Uint32Array(0);
  high = new Uint32Array(0);
  special = new Uint8Array(0);

  ensure(size: number): void {
    if (size <= this.size) return;
    this.size = Math.max(size, this.size * 2, 1024);
    this.whole = new Float64Array(this.size);
    const { neighbour } = this;
    this.neighbour = new Float64Array(this.size);
    this.neighbour.set(neighbour);
    this.residual = new Float64Array(this.size);
    this.low = new Uint32Array(this.size);
    this.high = new Uint32Array(this.size);
    this.special = new Uint8Array(this.size);
  }
}

interface Scale {
  readonly decimals: number;
  readonly divisor: number;
}

interface Choice {
  readonly predictor: number;
  readonly signed: boolean;
  readonly width: number;
  readonly patches: number;
  readonly zeros: number;
  readonly cost: number;
}

/** Positions of values apart, and which of them are jumps. */
interface Apart {
  readonly positions: readonly number[];
  readonly jumps: ReadonlySet<number>;
}

const bitLength = (value: number): number =>
  value < 2 ** 31 ? 32 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / 2 ** 31));

const WIDTHS = [0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64];
const lengths = new Uint32Array(65);

/** Bytes that a value apart costs, roughly. */
const PATCH_COST_BITS = 48;

/** Entropy of the lengths of residuals plus their bits: what an entropy coder would need, nearly. */
function costOf(count: number, width: number): number {
  let bits = 0;
  for (let b = 0; b <= 64; b++) {
    const n = lengths[b] as number;
    if (n === 0) continue;
    bits += b > width ? n * PATCH_COST_BITS : n * (Math.log2(count / n) + Math.max(0, b - 1));
  }
  return bits;
}

/** The width that all residuals but a few fit in. */
function widthFor(count: number): { width: number; patches: number } {
  const allowed = count < 16 ? 0 : Math.max(1, count >> 8);
  let patches = 0;
  let top = 64;
  while (top > 0 && patches + (lengths[top] as number) <= allowed) {
    patches += lengths[top] as number;
    top--;
  }
  const width = WIDTHS.find((w) => w >= top) ?? 64;
  for (let b = top + 1; b <= width; b++) patches -= lengths[b] as number;
  return { width, patches };
}

/** Writes values of series after series, each of which may lean on the one before. */
export class ValueEncoder {
  readonly modes = new ByteWriter(64);
  readonly widths = new ByteWriter(64);
  readonly numbers = new ByteWriter(256);
  readonly streams = Array.from({ length: f.STREAMS }, () => new ByteWriter(256));
  private readonly s = new Scratch();
  /** Decimals of the series in `neighbour`; -1 when there is none to lean on. */
  private neighbourDecimals = -1;
  private neighbourCount = 0;
  private chain = 0;

  /** @param aligned the samples are at the same times as those of the series before */
  add(values: Float64Array, aligned: boolean): void {
    const count = values.length;
    this.s.ensure(count);
    const words = wordsOf(values);
    if (count === 0 || isConstant(words)) {
      this.constant(values, words);
      return;
    }
    const scale = this.toWhole(values);
    if (scale === undefined) this.bits(values, words);
    else this.wholes(values, words, scale, aligned && count === this.neighbourCount);
  }

  private noNeighbour(): void {
    this.neighbourDecimals = -1;
    this.neighbourCount = 0;
    this.chain = 0;
  }

  private constant(values: Float64Array, words: Uint32Array): void {
    this.noNeighbour();
    this.widths.byte(0);
    const value = values[0];
    if (value === undefined || !Number.isNaN(value)) {
      this.modes.byte(f.CONSTANT);
      this.numbers.number(value ?? 0);
    } else {
      this.modes.byte(f.CONSTANT_BITS);
      this.rawBits(words, 0);
    }
  }

  private rawBits(words: Uint32Array, i: number): void {
    this.numbers.raw(new Uint8Array(words.buffer, words.byteOffset + 8 * i, 8));
  }

  /** Fills `whole` (a value apart repeats the one before) and `special`; undefined when the values are not such numbers. */
  private toWhole(values: Float64Array): Scale | undefined {
    const { whole, special } = this.s;
    const count = values.length;
    const allowed = count >> 3;
    let decimals = 0;
    let scale = 1;
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      while (Number.isFinite(value) && !fits(value, scale)) {
        if (Object.is(value, -0)) break;
        if (decimals === f.MAX_DECIMALS) return undefined;
        decimals++;
        scale *= 10;
      }
    }
    let specials = 0;
    let last: number | undefined;
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      if (fits(value, scale)) {
        special[i] = 0;
        const w = Math.round(value * scale);
        if (last === undefined) whole.fill(w, 0, i);
        whole[i] = w;
        last = w;
      } else {
        if (Number.isFinite(value) && !Object.is(value, -0)) return undefined;
        special[i] = 1;
        whole[i] = last ?? 0;
        if (++specials > allowed) return undefined;
      }
    }
    return { decimals, divisor: this.divisor(count) };
  }

  private divisor(count: number): number {
    const { whole } = this.s;
    const first = whole[0] as number;
    let common = 0;
    for (let i = 1; i < count; i++) {
      let a = Math.abs((whole[i] as number) - first);
      if (a === 0) continue;
      while (a !== 0) {
        const rest = common % a;
        common = a;
        a = rest;
      }
      if (common === 1) return 1;
    }
    return common === 0 ? 1 : common;
  }

  private wholes(values: Float64Array, words: Uint32Array, scale: Scale, aligned: boolean): void {
    const count = values.length;
    const { decimals, divisor } = scale;
    const { whole } = this.s;
    const candidates = [this.try(count, f.ABOVE_LEAST, divisor), this.try(count, f.DELTA, divisor)];
    if (aligned && decimals === this.neighbourDecimals && this.chain < 31) {
      candidates.push(this.try(count, f.LESS_NEIGHBOUR, 1), this.try(count, f.PLUS_NEIGHBOUR, 1));
    }
    let best = candidates[0] as Choice;
    for (const c of candidates) if (c.cost < best.cost) best = c;
    const leans = best.predictor >= f.LESS_NEIGHBOUR;
    this.chain = leans ? this.chain + 1 : 0;
    const unit = leans ? 1 : divisor;
    this.predict(count, best.predictor, unit);
    const base = best.predictor === f.ABOVE_LEAST ? leastOf(whole, count) : (whole[0] as number);
    const apart = this.patchPositions(count, best);
    const sparse = best.width >= 16 && best.zeros > count / 2;
    this.modes.byte(
      f.WHOLE |
        best.predictor |
        (best.signed ? f.SIGNED : 0) |
        (sparse ? f.SPARSE : 0) |
        (apart.positions.length > 0 ? f.PATCHED : 0) |
        (decimals > 0 || unit > 1 ? f.SCALED : 0),
    );
    this.widths.byte(best.width);
    this.numbers.zigzag(base);
    if (decimals > 0 || unit > 1) {
      this.numbers.byte(decimals);
      this.numbers.varint(unit);
    }
    this.patches(apart, words, (i) => this.numbers.zigzag(whole[i] as number));
    if (best.predictor === f.ABOVE_LEAST)
      this.planes(this.s.residual, undefined, 0, count, best.width, sparse);
    else this.planes(this.s.residual, undefined, 1, count, best.width, sparse);
    const { neighbour } = this.s;
    this.s.neighbour = whole;
    this.s.whole = neighbour;
    this.neighbourDecimals = decimals;
    this.neighbourCount = count;
  }

  /** Residuals of a predictor, signed. */
  private predict(count: number, predictor: number, unit: number): void {
    const { whole, neighbour, residual } = this.s;
    if (predictor === f.ABOVE_LEAST) {
      const least = leastOf(whole, count);
      for (let i = 0; i < count; i++) residual[i] = ((whole[i] as number) - least) / unit;
      return;
    }
    const sign = predictor === f.LESS_NEIGHBOUR ? 1 : predictor === f.PLUS_NEIGHBOUR ? -1 : 0;
    residual[0] = 0;
    for (let i = 1; i < count; i++) {
      const delta = (whole[i] as number) - (whole[i - 1] as number);
      residual[i] =
        sign === 0 ? delta / unit : delta - sign * ((neighbour[i] as number) - (neighbour[i - 1] as number));
    }
  }

  private try(count: number, predictor: number, unit: number): Choice {
    this.predict(count, predictor, unit);
    const { residual } = this.s;
    let negatives = 0;
    for (let i = 0; i < count; i++) if ((residual[i] as number) < 0) negatives++;
    const signed = negatives > (count < 16 ? 0 : Math.max(1, count >> 8));
    lengths.fill(0);
    for (let i = 0; i < count; i++) {
      const r = residual[i] as number;
      const bits = r < 0 ? (signed ? bitLength(-2 * r - 1) : 64) : bitLength(signed ? 2 * r : r);
      lengths[bits] = (lengths[bits] as number) + 1;
    }
    const { width, patches } = widthFor(count);
    return { predictor, signed, width, patches, zeros: lengths[0] as number, cost: costOf(count, width) };
  }

  /** Makes residuals unsigned; those of values apart become 0. */
  private patchPositions(count: number, { signed, width }: Choice): Apart {
    const { residual, special } = this.s;
    const positions: number[] = [];
    const jumps = new Set<number>();
    const limit = 2 ** width;
    for (let i = 0; i < count; i++) {
      let r = residual[i] as number;
      if (signed) r = r < 0 ? -2 * r - 1 : 2 * r;
      const isJump = r < 0 || r >= limit;
      residual[i] = isJump ? 0 : r;
      if (isJump) jumps.add(i);
      if (isJump || special[i] === 1) positions.push(i);
    }
    return { positions, jumps };
  }

  /** A jump, a special value, or (where the sum must go on elsewhere from under a special value) both. */
  private patches({ positions, jumps }: Apart, words: Uint32Array, jump: (i: number) => void): void {
    if (positions.length === 0) return;
    const { numbers, s } = this;
    numbers.varint(positions.reduce((n, i) => n + (jumps.has(i) && s.special[i] === 1 ? 2 : 1), 0));
    let previous = 0;
    for (const i of positions) {
      numbers.varint(i - previous);
      previous = i;
      if (jumps.has(i)) {
        numbers.byte(f.PATCH_JUMP);
        jump(i);
        if (s.special[i] === 0) continue;
        numbers.varint(0);
      }
      const low = words[2 * i] as number;
      const high = words[2 * i + 1] as number;
      const fixed = f.FIXED.findIndex(([h, l]) => h === high && l === low);
      numbers.byte(fixed < 0 ? f.PATCH_BITS : f.PATCH_FIXED + fixed);
      if (fixed < 0) this.rawBits(words, i);
    }
  }

  private bits(values: Float64Array, words: Uint32Array): void {
    this.noNeighbour();
    const count = values.length;
    const { special } = this.s;
    let specials = 0;
    for (let i = 0; i < count; i++) {
      special[i] = Number.isFinite(values[i]) ? 0 : 1;
      specials += special[i] as number;
    }
    // With many of them, or one in first place, they are bits like all others.
    if (specials > count >> 3 || special[0] === 1) special.fill(0, 0, count);
    const above = this.tryBits(count, words, f.ABOVE_LEAST);
    const delta = this.tryBits(count, words, f.DELTA);
    const best = delta.cost < above.cost ? delta : above;
    const { base } = this.predictBits(count, words, best.predictor);
    const apart = this.patchBits(count, best.width);
    const sparse = best.zeros > count / 8;
    this.modes.byte(
      f.BITS | best.predictor | (sparse ? f.SPARSE : 0) | (apart.positions.length > 0 ? f.PATCHED : 0),
    );
    this.widths.byte(best.width);
    this.rawBits(words, base);
    this.patches(apart, words, (i) => this.rawBits(words, i));
    const { low, high } = this.s;
    this.planes(low, high, best.predictor === f.DELTA ? 1 : 0, count, best.width, sparse);
  }

  /** Residuals of 64 bits (differences zigzag) in `low` and `high`; gives the position of the value they start from. */
  private predictBits(count: number, words: Uint32Array, predictor: number): { base: number } {
    const { low, high, special } = this.s;
    let base = 0;
    if (predictor === f.ABOVE_LEAST) {
      for (let i = 1; i < count; i++) {
        if (special[i] === 1) continue;
        const h = words[2 * i + 1] as number;
        const leastHigh = words[2 * base + 1] as number;
        if (h < leastHigh || (h === leastHigh && (words[2 * i] as number) < (words[2 * base] as number)))
          base = i;
      }
    }
    let lastLow = words[2 * base] as number;
    let lastHigh = words[2 * base + 1] as number;
    for (let i = 0; i < count; i++) {
      const l = words[2 * i] as number;
      const h = words[2 * i + 1] as number;
      const dl = (l - lastLow) >>> 0;
      const dh = (h - lastHigh - (l < lastLow ? 1 : 0)) >>> 0;
      if (predictor === f.ABOVE_LEAST) {
        low[i] = dl;
        high[i] = dh;
      } else if (special[i] === 1) {
        low[i] = 0;
        high[i] = 0;
      } else {
        const sign = dh >> 31;
        low[i] = (dl << 1) ^ sign;
        high[i] = ((dh << 1) | (dl >>> 31)) ^ sign;
        lastLow = l;
        lastHigh = h;
      }
    }
    return { base };
  }

  private tryBits(count: number, words: Uint32Array, predictor: number): Choice {
    this.predictBits(count, words, predictor);
    const { low, high, special } = this.s;
    lengths.fill(0);
    for (let i = 0; i < count; i++) {
      if (special[i] === 1) continue;
      const h = high[i] as number;
      const bits = h === 0 ? 32 - Math.clz32(low[i] as number) : 64 - Math.clz32(h);
      lengths[bits] = (lengths[bits] as number) + 1;
    }
    const fit = widthFor(count);
    const width = Math.max(fit.width, 8);
    return {
      predictor,
      signed: true,
      width,
      patches: fit.patches,
      zeros: lengths[0] as number,
      cost: costOf(count, width),
    };
  }

  private patchBits(count: number, width: number): Apart {
    const { low, high, special } = this.s;
    const positions: number[] = [];
    const jumps = new Set<number>();
    for (let i = 0; i < count; i++) {
      const h = high[i] as number;
      const length = h === 0 ? 32 - Math.clz32(low[i] as number) : 64 - Math.clz32(h);
      if (special[i] === 0 && length <= width) continue;
      positions.push(i);
      if (special[i] === 0) jumps.add(i);
      low[i] = 0;
      high[i] = 0;
    }
    return { positions, jumps };
  }

  /** Residuals from `from` on into the streams of their width. */
  private planes(
    low: Float64Array | Uint32Array,
    high: Uint32Array | undefined,
    from: number,
    to: number,
    width: number,
    sparse: boolean,
  ): void {
    let count = to - from;
    if (width === 0) return;
    if (sparse) {
      const bitmap = new Uint8Array((count + 7) >> 3);
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const l = low[from + i] as number;
        const h = high === undefined ? 0 : (high[from + i] as number);
        if (l === 0 && h === 0) continue;
        bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
        low[from + kept] = l;
        if (high !== undefined) high[from + kept] = h;
        kept++;
      }
      this.stream(f.STREAM_BITMAP).raw(bitmap);
      this.numbers.varint(kept);
      count = kept;
    }
    if (width < 8) {
      const perByte = 8 / width;
      const bytes = new Uint8Array(Math.ceil(count / perByte));
      for (let i = 0; i < count; i++) {
        const at = Math.floor(i / perByte);
        bytes[at] = (bytes[at] as number) | ((low[from + i] as number) << (width * (i % perByte)));
      }
      this.stream(f.STREAM_SMALL).raw(bytes);
      return;
    }
    const bytes = new Uint8Array(count);
    for (let p = 0; p < width / 8; p++) {
      if (high === undefined) {
        const scale = 2 ** (8 * p);
        for (let i = 0; i < count; i++) bytes[i] = Math.floor((low[from + i] as number) / scale) % 256;
      } else {
        const half = p < 4 ? low : high;
        const shift = 8 * (p & 3);
        for (let i = 0; i < count; i++) bytes[i] = (half[from + i] as number) >>> shift;
      }
      this.stream(width === 8 ? f.STREAM_BYTE : f.STREAM_PLANES + p).raw(bytes);
    }
  }

  private stream(index: number): ByteWriter {
    return this.streams[index] as ByteWriter;
  }
}

function isConstant(words: Uint32Array): boolean {
  const low = words[0];
  const high = words[1];
  for (let i = 2; i < words.length; i += 2) if (words[i] !== low || words[i + 1] !== high) return false;
  return true;
}

function fits(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Math.abs(whole) < f.MAX_WHOLE && whole / scale === value && !Object.is(value, -0);
}

function leastOf(whole: Float64Array, count: number): number {
  let least = whole[0] as number;
  for (let i = 1; i < count; i++) if ((whole[i] as number) < least) least = whole[i] as number;
  return least;
}
