/**
 * How the values of one series are written. Each becomes a row of small numbers ("residuals") that stand in
 * fixed-width planes, so that reading them is a loop over typed arrays, and like stands beside like for zstd.
 */

/** All values are the same number. */
export const CONSTANT = 0;
/** Whole numbers after moving the decimal point and taking out a common divisor. */
export const WHOLE = 1;
/** The 64 bits of each value as an unsigned number. */
export const BITS = 2;
/** All values have the same bits, which are no number. */
export const CONSTANT_BITS = 3;
export const KIND_MASK = 3;

/** Residual: the value above the least one (`base`). */
export const ABOVE_LEAST = 0 << 2;
/** Residual: the difference from the value before. */
export const DELTA = 1 << 2;
/** Residual: the difference, less that of the series before in the block. */
export const LESS_NEIGHBOUR = 2 << 2;
/** Residual: the difference, plus that of the series before in the block (two parts of a constant sum). */
export const PLUS_NEIGHBOUR = 3 << 2;
export const PREDICTOR_MASK = 3 << 2;

/** Residuals may be negative: 0, -1, 1, -2, … */
export const SIGNED = 1 << 4;
/** Only residuals that are not zero are written; a bitmap says which those are. */
export const SPARSE = 1 << 5;
/** Some values stand apart (see `Patch`). */
export const PATCHED = 1 << 6;
/** Whole numbers: decimals and divisor follow. */
export const SCALED = 1 << 7;

/** Values that stand apart: all but JUMP leave the sum of differences as it is, JUMP sets it. */
export const PATCH_BITS = 0;
export const PATCH_JUMP = 1;
export const PATCH_FIXED = 2;
/** High and low words of frequent ones, numbered from PATCH_FIXED. */
export const FIXED: readonly (readonly [high: number, low: number])[] = [
  [0x7ff00000, 2],
  [0x7ff80000, 2],
  [0x7ff80000, 0],
  [0x7ff00000, 0],
  [0xfff00000, 0],
  [0x80000000, 0],
];

export const MAX_DECIMALS = 9;
/** Whole numbers stay below this, so that differences of differences are exact. */
export const MAX_WHOLE = 2 ** 50;

/** Streams of the body: bitmaps, residuals of less than a byte, of one byte, then the planes of wider ones, low byte first. */
export const STREAM_BITMAP = 0;
export const STREAM_SMALL = 1;
export const STREAM_BYTE = 2;
export const STREAM_PLANES = 3;
export const STREAMS = STREAM_PLANES + 8;
