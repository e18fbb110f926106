import * as f from './value-format.ts';
import type { ValuePlan } from './value-plan.ts';

/** Reads the residuals that are written, with their sign. */
export function readNumbers(body: Uint8Array, plan: ValuePlan, out: Float64Array, from: number): void {
  const { width, written, planesAt, mode } = plan;
  const first = planesAt[0] ?? 0;
  const signBit = mode & f.SIGNED ? 1 : 0;
  if (width < 8) small(body, first, width, written, out, from, signBit);
  else if (width <= 24) narrow(body, planesAt, written, out, from, signBit);
  else {
    wide(body, planesAt, written, out, from);
    if (signBit === 1) unfold(out, from, from + written);
  }
}

/** Zigzag where `signBit` is 1, as it is where it is 0. */
const signed = (value: number, signBit: number): number => (value >>> signBit) ^ -(value & signBit);

/** Residuals of less than a byte. */
function small(
  body: Uint8Array,
  at: number,
  width: number,
  count: number,
  out: Float64Array,
  from: number,
  signBit: number,
): void {
  const mask = (1 << width) - 1;
  for (let i = 0, bit = 0; i < count; i++, bit += width)
    out[from + i] = signed(((body[at + (bit >> 3)] as number) >> (bit & 7)) & mask, signBit);
}

/** One to three planes. */
function narrow(
  body: Uint8Array,
  planesAt: readonly number[],
  count: number,
  out: Float64Array,
  from: number,
  signBit: number,
): void {
  const [a = 0, b, c] = planesAt;
  if (b === undefined) for (let i = 0; i < count; i++) out[from + i] = signed(body[a + i] as number, signBit);
  else if (c === undefined)
    for (let i = 0; i < count; i++)
      out[from + i] = signed((body[a + i] as number) | ((body[b + i] as number) << 8), signBit);
  else
    for (let i = 0; i < count; i++) {
      const low = (body[a + i] as number) | ((body[b + i] as number) << 8);
      out[from + i] = signed(low | ((body[c + i] as number) << 16), signBit);
    }
}

function wide(
  body: Uint8Array,
  planesAt: readonly number[],
  count: number,
  out: Float64Array,
  from: number,
): void {
  out.fill(0, from, from + count);
  for (let plane = 0, scale = 1; plane < planesAt.length; plane++, scale *= 256) {
    const at = planesAt[plane] as number;
    for (let i = 0; i < count; i++)
      out[from + i] = (out[from + i] as number) + (body[at + i] as number) * scale;
  }
}

function unfold(out: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const value = out[i] as number;
    const half = Math.floor(value / 2);
    out[i] = value === 2 * half ? half : -half - 1;
  }
}

/** Moves the residuals that are written to where the bitmap says, the last first; 0 between them. */
export function spread(
  body: Uint8Array,
  { bitmapAt, residuals, written }: ValuePlan,
  out: Float64Array | Uint32Array,
  from: number,
): void {
  let next = written;
  for (let i = residuals - 1; i >= 0; i--) {
    const set = ((body[bitmapAt + (i >> 3)] as number) >> (i & 7)) & 1;
    next -= set;
    if (next < 0) throw new RangeError('bitmap has more ones than there are residuals');
    out[from + i] = set === 1 ? (out[from + next] as number) : 0;
  }
}
