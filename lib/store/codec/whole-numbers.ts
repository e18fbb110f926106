import { MAX_DECIMALS, MAX_WHOLE } from './value-format.ts';

/** Decimals that make all values whole, and what all of those are multiples of (above the first). */
export interface Scale {
  readonly decimals: number;
  readonly divisor: number;
}

const isMinusZero = (value: number): boolean => value === 0 && 1 / value < 0;

/** Whether moving the decimal point gives a whole number that can be moved back exactly. */
function isExact(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Math.abs(whole) < MAX_WHOLE && whole / scale === value && !isMinusZero(value);
}

/**
 * Writes the values as whole numbers. One that has none (NaN, infinite, -0) is marked as special and repeats the
 * number before it; with many of those, or with other values that have none, there is no scale.
 */
export function toWhole(values: Float64Array, whole: Float64Array, special: Uint8Array): Scale | undefined {
  const count = values.length;
  if (copyWhole(values, whole)) {
    special.fill(0, 0, count);
    return { decimals: 0, divisor: divisorOf(whole, count) };
  }
  const decimals = decimalsOf(values);
  if (decimals === undefined) return undefined;
  const scale = 10 ** decimals;
  let allowed = count >> 3;
  let last = Number.NaN;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    special[i] = 0;
    if (isExact(value, scale)) {
      const w = Math.round(value * scale);
      if (Number.isNaN(last)) whole.fill(w, 0, i);
      last = w;
    } else {
      if (allowed-- === 0 || (Number.isFinite(value) && value !== 0)) return undefined;
      special[i] = 1;
    }
    whole[i] = last;
  }
  return Number.isNaN(last) ? undefined : { decimals, divisor: divisorOf(whole, count) };
}

/** The frequent case: whole numbers only. */
function copyWhole(values: Float64Array, whole: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Math.floor(value) !== value || Math.abs(value) >= MAX_WHOLE || isMinusZero(value)) return false;
    whole[i] = value;
  }
  return true;
}

function decimalsOf(values: Float64Array): number | undefined {
  let decimals = 0;
  let scale = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    while (!isExact(value, scale)) {
      if (value === 0 || !Number.isFinite(value)) break;
      if (decimals === MAX_DECIMALS) return undefined;
      decimals++;
      scale *= 10;
    }
  }
  return decimals;
}

function divisorOf(whole: Float64Array, count: number): number {
  const first = whole[0] as number;
  let common = 0;
  for (let i = 1; i < count; i++) {
    let a = Math.abs((whole[i] as number) - first);
    if (a === 0) continue;
    if (common === 0) common = a;
    for (let rest = a % common; rest !== 0; rest = a % common) {
      a = common;
      common = rest;
    }
    if (common === 1) return 1;
  }
  return common === 0 ? 1 : common;
}
