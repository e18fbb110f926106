import type { ByteReader } from './bytes.ts';
import * as f from './value-format.ts';

/** A value that stands apart. */
export interface Patch {
  readonly at: number;
  /** Whether the sum of differences goes on from here. */
  readonly jump: boolean;
  /** The value's words; not used by a jump among whole numbers. */
  readonly low: number;
  readonly high: number;
  readonly whole: number;
}

/** What the head says of one series' values. */
export interface ValuePlan {
  readonly mode: number;
  /** Bits of a residual. */
  readonly width: number;
  readonly count: number;
  /** Constant, or whole number to start from. */
  readonly base: number;
  /** Words to start from. */
  readonly low: number;
  readonly high: number;
  readonly decimals: number;
  readonly divisor: number;
  readonly patches: readonly Patch[];
  /** Residuals, and how many of them are written. */
  readonly residuals: number;
  readonly written: number;
  /** Where the bitmap and each plane start in the body. */
  readonly bitmapAt: number;
  readonly planesAt: readonly number[];
}

export const kindOf = (plan: ValuePlan): number => plan.mode & f.KIND_MASK;

export const leansOnNeighbour = (plan: ValuePlan): boolean =>
  kindOf(plan) === f.WHOLE && (plan.mode & f.PREDICTOR_MASK) >= f.LESS_NEIGHBOUR;

const WIDTHS = new Set([0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64]);
const NONE: readonly never[] = [];

/** Reads what `ValueEncoder` wrote about each series, in the same order. */
export class PlanReader {
  private readonly numbers: ByteReader;
  private readonly at: number[];
  private readonly ends: number[];

  /** @param streamLengths of the body */
  constructor(numbers: ByteReader, streamLengths: readonly number[]) {
    this.numbers = numbers;
    this.at = [];
    this.ends = [];
    let sum = 0;
    for (const length of streamLengths) {
      this.at.push(sum);
      sum += length;
      this.ends.push(sum);
    }
  }

  next(mode: number, width: number, count: number): ValuePlan {
    const kind = mode & f.KIND_MASK;
    const { numbers } = this;
    if (!WIDTHS.has(width)) throw new RangeError(`residuals of ${width} bits`);
    const base = kind === f.CONSTANT ? numbers.number() : kind === f.WHOLE ? numbers.zigzag() : 0;
    const [low, high] = kind === f.BITS || kind === f.CONSTANT_BITS ? this.words() : [0, 0];
    const isConstant = kind === f.CONSTANT || kind === f.CONSTANT_BITS;
    const scaled = kind === f.WHOLE && (mode & f.SCALED) !== 0;
    const decimals = scaled ? numbers.byte() : 0;
    if (decimals > f.MAX_DECIMALS) throw new RangeError(`values of ${decimals} decimals`);
    const divisor = scaled ? numbers.varint() : 1;
    const patches = !isConstant && mode & f.PATCHED ? this.patches(kind, count) : NONE;
    const residuals = isConstant || count === 0 ? 0 : (mode & f.PREDICTOR_MASK) === 0 ? count : count - 1;
    const sparse = (mode & f.SPARSE) !== 0 && width > 0;
    const written = isConstant || width === 0 ? 0 : sparse ? numbers.varint() : residuals;
    if (written > residuals) throw new RangeError(`${written} residuals for ${count} values`);
    const bitmapAt = sparse ? this.take(f.STREAM_BITMAP, Math.ceil(residuals / 8)) : 0;
    const planesAt = written === 0 ? NONE : this.places(width, written);
    return {
      mode,
      width,
      count,
      base,
      low,
      high,
      decimals,
      divisor,
      patches,
      residuals,
      written,
      bitmapAt,
      planesAt,
    };
  }

  private places(width: number, written: number): number[] {
    if (width < 8) return [this.take(f.STREAM_SMALL, Math.ceil((written * width) / 8))];
    if (width === 8) return [this.take(f.STREAM_BYTE, written)];
    return Array.from({ length: width / 8 }, (_, p) => this.take(f.STREAM_PLANES + p, written));
  }

  private take(stream: number, size: number): number {
    const at = this.at[stream] ?? 0;
    if (at + size > (this.ends[stream] ?? 0)) throw new RangeError(`stream ${stream} ends too early`);
    this.at[stream] = at + size;
    return at;
  }

  private words(): [low: number, high: number] {
    const bytes = this.numbers.raw(8);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    return [view.getUint32(0, true), view.getUint32(4, true)];
  }

  private patches(kind: number, count: number): Patch[] {
    let at = 0;
    return Array.from({ length: this.numbers.count() }, () => {
      at += this.numbers.varint();
      if (at >= count) throw new RangeError('a value apart stands behind the last');
      const what = this.numbers.byte();
      const jump = what === f.PATCH_JUMP;
      if (jump && kind === f.WHOLE) return { at, jump, low: 0, high: 0, whole: this.numbers.zigzag() };
      if (what < f.PATCH_FIXED) {
        const [low, high] = this.words();
        return { at, jump, low, high, whole: 0 };
      }
      const fixed = f.FIXED[what - f.PATCH_FIXED];
      if (fixed === undefined) throw new RangeError(`value apart of kind ${what}`);
      return { at, jump, high: fixed[0], low: fixed[1], whole: 0 };
    });
  }
}
