import { spread } from './plane-reader.ts';
import * as f from './value-format.ts';
import type { ValuePlan } from './value-plan.ts';

/** Kept from block to block. */
let low = new Uint32Array(512);
let high = new Uint32Array(512);

/** Reads what `BitsEncoder` wrote. */
export class BitsDecoder {
  private readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    this.body = body;
  }

  /** @param words of the values */
  read(plan: ValuePlan, words: Uint32Array): void {
    const { body } = this;
    const { count, mode, written, residuals, planesAt, patches } = plan;
    if (count > low.length) {
      low = new Uint32Array(count);
      high = new Uint32Array(count);
    }
    const isDelta = (mode & f.PREDICTOR_MASK) !== f.ABOVE_LEAST;
    const from = isDelta ? 1 : 0;
    joinPlanes(body, planesAt.slice(0, 4), low, from, written);
    joinPlanes(body, planesAt.slice(4), high, from, written);
    if (written < residuals) {
      spread(body, plan, low, from);
      spread(body, plan, high, from);
    }
    if (isDelta) sumUp(words, plan);
    else addBase(words, count, plan.low, plan.high);
    for (const p of patches) {
      words[2 * p.at] = p.low;
      words[2 * p.at + 1] = p.high;
    }
  }
}

/** Up to four planes, the low one first. */
function joinPlanes(
  body: Uint8Array,
  planesAt: readonly number[],
  out: Uint32Array,
  from: number,
  count: number,
): void {
  const [a, b, c, d] = planesAt;
  if (a === undefined) out.fill(0, from, from + count);
  else if (b === undefined) for (let i = 0; i < count; i++) out[from + i] = body[a + i] as number;
  else if (c === undefined)
    for (let i = 0; i < count; i++) out[from + i] = (body[a + i] as number) | ((body[b + i] as number) << 8);
  else {
    for (let i = 0; i < count; i++)
      out[from + i] =
        (body[a + i] as number) | ((body[b + i] as number) << 8) | ((body[c + i] as number) << 16);
    if (d !== undefined)
      for (let i = 0; i < count; i++)
        out[from + i] = (out[from + i] as number) | ((body[d + i] as number) << 24);
  }
}

function addBase(words: Uint32Array, count: number, baseLow: number, baseHigh: number): void {
  for (let i = 0; i < count; i++) {
    const sum = (low[i] as number) + baseLow;
    words[2 * i] = sum;
    words[2 * i + 1] = (high[i] as number) + baseHigh + (sum > 0xffffffff ? 1 : 0);
  }
}

function sumUp(words: Uint32Array, { count, patches, low: l, high: h }: ValuePlan): void {
  words[0] = l;
  words[1] = h;
  let i = 1;
  for (const p of patches) {
    if (!p.jump) continue;
    sumStretch(words, i, p.at);
    words[2 * p.at] = p.low;
    words[2 * p.at + 1] = p.high;
    i = p.at + 1;
  }
  sumStretch(words, i, count);
}

/** Differences `from … to` (zigzag of 64 bits), on from the value before. */
function sumStretch(words: Uint32Array, from: number, to: number): void {
  if (from === 0) return;
  let l = words[2 * from - 2] as number;
  let h = words[2 * from - 1] as number;
  for (let i = from; i < to; i++) {
    const zl = low[i] as number;
    const zh = high[i] as number;
    const sign = -(zl & 1);
    const sum = (((zl >>> 1) | (zh << 31)) ^ sign) >>> 0;
    const both = sum + l;
    h = (h + ((zh >>> 1) ^ sign) + (both > 0xffffffff ? 1 : 0)) | 0;
    l = both >>> 0;
    words[2 * i] = l;
    words[2 * i + 1] = h;
  }
}
