import { bitLength, mayStandApart } from './residual-lengths.ts';

/** Differences, divided; gives the number to start from. */
export function deltas(whole: Float64Array, residual: Float64Array, count: number, divisor: number): number {
  const first = whole[0] as number;
  let before = first;
  residual[0] = 0;
  if (divisor === 1)
    for (let i = 1; i < count; i++) {
      const w = whole[i] as number;
      residual[i] = w - before;
      before = w;
    }
  else
    for (let i = 1; i < count; i++) {
      const w = whole[i] as number;
      residual[i] = (w - before) / divisor;
      before = w;
    }
  return first;
}

/**
 * Differences with those of the neighbour taken off or added; gives the number to start from.
 * @param sign 1: less those of the neighbour, -1: plus them
 */
export function deltasLess(
  whole: Float64Array,
  neighbour: Float64Array,
  residual: Float64Array,
  count: number,
  sign: number,
): number {
  const first = whole[0] as number;
  let before = first - sign * (neighbour[0] as number);
  residual[0] = 0;
  for (let i = 1; i < count; i++) {
    const w = (whole[i] as number) - sign * (neighbour[i] as number);
    residual[i] = w - before;
    before = w;
  }
  return first;
}

/** What is above the least number, divided; gives that. */
export function aboveLeast(
  whole: Float64Array,
  residual: Float64Array,
  count: number,
  divisor: number,
): number {
  let least = whole[0] as number;
  for (let i = 1; i < count; i++) if ((whole[i] as number) < least) least = whole[i] as number;
  if (divisor === 1) for (let i = 0; i < count; i++) residual[i] = (whole[i] as number) - least;
  else for (let i = 0; i < count; i++) residual[i] = ((whole[i] as number) - least) / divisor;
  return least;
}

const positive = new Uint32Array(65);

/** Fills `lengths` with those of every residual, or every second, …; gives whether there are so many negatives that residuals need a sign. */
export function measureSigns(
  residual: Float64Array,
  count: number,
  stride: number,
  lengths: Uint32Array,
): boolean {
  lengths.fill(0);
  positive.fill(0);
  let negatives = 0;
  for (let i = 0; i < count; i += stride) {
    const r = residual[i] as number;
    if (r >= 0) {
      const bits = bitLength(r);
      positive[bits] = (positive[bits] as number) + 1;
    } else {
      const bits = bitLength(-2 * r - 1);
      lengths[bits] = (lengths[bits] as number) + 1;
      negatives++;
    }
  }
  if (negatives <= mayStandApart(Math.ceil(count / stride))) {
    lengths.set(positive);
    lengths[64] = (lengths[64] as number) + negatives;
    return false;
  }
  lengths[0] = positive[0] as number;
  for (let bits = 1; bits < 64; bits++)
    lengths[bits + 1] = (lengths[bits + 1] as number) + (positive[bits] as number);
  return true;
}

/** Moves what is not zero together; gives its end. */
export function dense(residual: Float64Array, from: number, to: number): number {
  let end = from;
  for (let i = from; i < to; i++) if (residual[i] !== 0) residual[end++] = residual[i] as number;
  return end;
}
