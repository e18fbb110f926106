import { wordsOf } from '#lib/model/metrics.ts';
import * as f from './value-format.ts';
import { kindOf, type ValuePlan } from './value-plan.ts';

/** Reads the values of series after series; those that lean on the one before must come right after it. */
export class ValueDecoder {
  private readonly body: Uint8Array;
  private residual = new Float64Array(0);
  private whole = new Float64Array(0);
  private neighbour = new Float64Array(0);
  private neighbourCount = 0;

  constructor(body: Uint8Array) {
    this.body = body;
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
    else this.bits(plan, wordsOf(out));
  }

  private ensure(count: number): void {
    if (this.whole.length >= count) return;
    this.residual = new Float64Array(count);
    this.whole = new Float64Array(count);
    const { neighbour } = this;
    this.neighbour = new Float64Array(count);
    this.neighbour.set(neighbour);
  }

  private wholes(plan: ValuePlan, out: Float64Array): void {
    const { count, mode, base, divisor, decimals, patches } = plan;
    this.ensure(count);
    const { residual, whole, neighbour } = this;
    const predictor = mode & f.PREDICTOR_MASK;
    const from = predictor === f.ABOVE_LEAST ? 0 : 1;
    this.residuals(plan, residual, from);
    if (mode & f.SIGNED) unzigzag(residual, from, count);
    if (predictor === f.ABOVE_LEAST) {
      for (let i = 0; i < count; i++) whole[i] = (residual[i] as number) * divisor + base;
      for (const p of patches) if (p.jump) whole[p.at] = p.whole;
    } else {
      if (predictor > f.DELTA) {
        if (this.neighbourCount !== count) throw new RangeError('values lean on others of other length');
        if (predictor === f.LESS_NEIGHBOUR) addDifferences(residual, neighbour, count);
        else subtractDifferences(residual, neighbour, count);
      }
      let sum = base;
      let i = 1;
      whole[0] = base;
      for (const p of patches) {
        if (!p.jump) continue;
        for (; i < p.at; i++) {
          sum += (residual[i] as number) * divisor;
          whole[i] = sum;
        }
        sum = p.whole;
        whole[p.at] = sum;
        i = p.at + 1;
      }
      for (; i < count; i++) {
        sum += (residual[i] as number) * divisor;
        whole[i] = sum;
      }
    }
    this.neighbour = whole;
    this.whole = neighbour;
    this.neighbourCount = count;
    if (decimals === 0) out.set(whole.subarray(0, count));
    else {
      const scale = 10 ** decimals;
      for (let k = 0; k < count; k++) out[k] = (whole[k] as number) / scale;
    }
    const words = wordsOf(out);
    for (const p of patches) {
      if (p.jump) continue;
      words[2 * p.at] = p.low;
      words[2 * p.at + 1] = p.high;
    }
  }

  /** Residuals as numbers, from position `from` on. */
  private residuals(plan: ValuePlan, out: Float64Array, from: number): void {
    const { body } = this;
    const { width, written, residuals, planesAt } = plan;
    if (written === 0) {
      out.fill(0, from, from + residuals);
      return;
    }
    const first = planesAt[0] ?? 0;
    if (width < 8) small(body, first, width, written, out, from);
    else {
      for (let i = 0; i < written; i++) out[from + i] = body[first + i] as number;
      for (let p = 1, scale = 256; p < planesAt.length; p++, scale *= 256) {
        const at = planesAt[p] as number;
        for (let i = 0; i < written; i++)
          out[from + i] = (out[from + i] as number) + (body[at + i] as number) * scale;
      }
    }
    if (plan.mode & f.SPARSE) spread(body, plan, out, from);
  }

  private bits(plan: ValuePlan, words: Uint32Array): void {
    const { body } = this;
    const { count, mode, written, residuals, planesAt, patches } = plan;
    const predictor = mode & f.PREDICTOR_MASK;
    const from = predictor === f.ABOVE_LEAST ? 0 : 1;
    const low = new Uint32Array(count);
    const high = new Uint32Array(count);
    for (let p = 0; p < planesAt.length; p++) {
      const at = planesAt[p] as number;
      const half = p < 4 ? low : high;
      const shift = 8 * (p & 3);
      for (let i = 0; i < written; i++)
        half[from + i] = (half[from + i] as number) | ((body[at + i] as number) << shift);
    }
    if (mode & f.SPARSE && written < residuals) {
      spread(body, plan, low, from);
      spread(body, plan, high, from);
    }
    let l = plan.low;
    let h = plan.high;
    if (predictor === f.ABOVE_LEAST) {
      for (let i = 0; i < count; i++) {
        const sum = (low[i] as number) + l;
        words[2 * i] = sum;
        words[2 * i + 1] = (high[i] as number) + h + (sum > 0xffffffff ? 1 : 0);
      }
    } else {
      words[0] = l;
      words[1] = h;
      let i = 1;
      const to = (end: number) => {
        for (; i < end; i++) {
          const zl = low[i] as number;
          const zh = high[i] as number;
          const sign = -(zl & 1);
          const sum = (((zl >>> 1) | (zh << 31)) ^ sign) >>> 0;
          const both = sum + l;
          h = (h + ((zh >>> 1) ^ sign) + (both > 0xffffffff ? 1 : 0)) >>> 0;
          l = both >>> 0;
          words[2 * i] = l;
          words[2 * i + 1] = h;
        }
      };
      for (const p of patches) {
        if (!p.jump) continue;
        to(p.at);
        l = p.low;
        h = p.high;
        words[2 * i] = l;
        words[2 * i + 1] = h;
        i++;
      }
      to(count);
    }
    for (const p of patches) {
      words[2 * p.at] = p.low;
      words[2 * p.at + 1] = p.high;
    }
  }
}

function fillWords(words: Uint32Array, { low, high }: ValuePlan): void {
  for (let i = 0; i < words.length; i += 2) {
    words[i] = low;
    words[i + 1] = high;
  }
}

function unzigzag(residual: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const r = residual[i] as number;
    const half = Math.floor(r / 2);
    residual[i] = r === 2 * half ? half : -half - 1;
  }
}

function addDifferences(residual: Float64Array, neighbour: Float64Array, count: number): void {
  for (let i = 1; i < count; i++)
    residual[i] = (residual[i] as number) + ((neighbour[i] as number) - (neighbour[i - 1] as number));
}

function subtractDifferences(residual: Float64Array, neighbour: Float64Array, count: number): void {
  for (let i = 1; i < count; i++)
    residual[i] = (residual[i] as number) - ((neighbour[i] as number) - (neighbour[i - 1] as number));
}

/** Residuals of less than a byte. */
function small(
  body: Uint8Array,
  at: number,
  width: number,
  count: number,
  out: Float64Array,
  from: number,
): void {
  const mask = (1 << width) - 1;
  const perByte = 8 / width;
  let i = 0;
  for (let k = at; i < count; k++) {
    let byte = body[k] as number;
    const end = Math.min(count, i + perByte);
    for (; i < end; i++) {
      out[from + i] = byte & mask;
      byte >>>= width;
    }
  }
}

/** Moves the residuals that are written to their places, from the last to the first; 0 between. */
function spread(
  body: Uint8Array,
  { bitmapAt, residuals, written }: ValuePlan,
  out: Float64Array | Uint32Array,
  from: number,
): void {
  let next = written;
  for (let i = residuals - 1; i >= 0; i--) {
    const set = ((body[bitmapAt + (i >> 3)] as number) >> (i & 7)) & 1;
    if (set === 1) next--;
    if (next < 0) throw new RangeError('bitmap has more ones than residuals');
    out[from + i] = set === 1 ? (out[from + next] as number) : 0;
  }
}
