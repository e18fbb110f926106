import { wordsOf } from '#lib/model/metrics.ts';
import { BitsDecoder } from './bits-decoder.ts';
import { readNumbers, spread } from './plane-reader.ts';
import * as f from './value-format.ts';
import { kindOf, type Patch, type ValuePlan } from './value-plan.ts';

/** Reads the values of series after series; those that lean on the one before must come right after it. */
export class ValueDecoder {
  private readonly body: Uint8Array;
  private readonly bits: BitsDecoder;
  private residual = new Float64Array(0);
  /** Whole numbers of two series in turn, where the values themselves are not those. */
  private spare: Float64Array = new Float64Array(0);
  private otherSpare: Float64Array = new Float64Array(0);
  private neighbour: Float64Array = new Float64Array(0);
  private neighbourCount = 0;

  constructor(body: Uint8Array) {
    this.body = body;
    this.bits = new BitsDecoder(body);
  }

  /** @param out as long as the plan's count */
  read(plan: ValuePlan, out: Float64Array): void {
    const kind = kindOf(plan);
    if (kind === f.WHOLE) {
      this.wholes(plan, out);
      return;
    }
    this.neighbourCount = 0;
    if (kind === f.CONSTANT) out.fill(plan.base);
    else if (kind === f.CONSTANT_BITS) fillWords(wordsOf(out), plan);
    else this.bits.read(plan, wordsOf(out));
  }

  private wholes(plan: ValuePlan, out: Float64Array): void {
    const { count, mode, base, divisor, decimals, patches } = plan;
    if (this.residual.length < count) this.residual = new Float64Array(count);
    const { residual, neighbour } = this;
    const isItself = decimals === 0 && !patches.some(({ jump }) => !jump);
    const whole = isItself ? out : this.nextSpare(count);
    const predictor = mode & f.PREDICTOR_MASK;
    const from = predictor === f.ABOVE_LEAST ? 0 : 1;
    this.residuals(plan, from);
    if (predictor === f.ABOVE_LEAST) {
      for (let i = 0; i < count; i++) whole[i] = (residual[i] as number) * divisor + base;
      for (const p of patches) if (p.jump) whole[p.at] = p.whole;
    } else {
      if (predictor !== f.DELTA) {
        if (this.neighbourCount !== count) throw new RangeError('values lean on others of other length');
        lean(residual, neighbour, count, predictor === f.LESS_NEIGHBOUR ? 1 : -1);
      }
      sumUp(residual, whole, count, base, divisor, patches);
    }
    this.neighbour = whole;
    this.neighbourCount = count;
    if (isItself) return;
    if (decimals > 0) {
      const scale = 10 ** decimals;
      for (let i = 0; i < count; i++) out[i] = (whole[i] as number) / scale;
    } else for (let i = 0; i < count; i++) out[i] = whole[i] as number;
    if (patches.length > 0) putSpecial(wordsOf(out), patches);
  }

  private nextSpare(count: number): Float64Array {
    const next = this.otherSpare.length < count ? new Float64Array(count) : this.otherSpare;
    this.otherSpare = this.spare;
    this.spare = next;
    return next;
  }

  /** Fills `residual` from position `from` on. */
  private residuals(plan: ValuePlan, from: number): void {
    const { residual, body } = this;
    const { written, residuals } = plan;
    if (written > 0) readNumbers(body, plan, residual, from);
    if (written < residuals) {
      if (written === 0) residual.fill(0, from, from + residuals);
      else spread(body, plan, residual, from);
    }
  }
}

function fillWords(words: Uint32Array, { low, high }: ValuePlan): void {
  for (let i = 0; i < words.length; i += 2) {
    words[i] = low;
    words[i + 1] = high;
  }
}

function putSpecial(words: Uint32Array, patches: readonly Patch[]): void {
  for (const { jump, at, low, high } of patches) {
    if (jump) continue;
    words[2 * at] = low;
    words[2 * at + 1] = high;
  }
}

/** Adds the neighbour's differences to the residuals, or takes them away. */
function lean(residual: Float64Array, neighbour: Float64Array, count: number, sign: number): void {
  let before = sign * (neighbour[0] as number);
  for (let i = 1; i < count; i++) {
    const value = sign * (neighbour[i] as number);
    residual[i] = (residual[i] as number) + (value - before);
    before = value;
  }
}

function sumUp(
  residual: Float64Array,
  whole: Float64Array,
  count: number,
  base: number,
  divisor: number,
  patches: readonly Patch[],
): void {
  let sum = base;
  let i = 1;
  whole[0] = base;
  for (const { jump, at, whole: value } of patches) {
    if (!jump) continue;
    for (; i < at; i++) {
      sum += (residual[i] as number) * divisor;
      whole[i] = sum;
    }
    sum = value;
    whole[at] = sum;
    i = at + 1;
  }
  for (; i < count; i++) {
    sum += (residual[i] as number) * divisor;
    whole[i] = sum;
  }
}
