import type { BinaryOp } from './ast.ts';

/** Go's math.Pow, which differs from `**` for bases of 1 and −1. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  return base ** exponent;
}

/** `a op b`, element by element, into a new column. */
export function arithmetic(op: BinaryOp, a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  switch (op) {
    case '+':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) + (b[i] ?? 0);
      break;
    case '-':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) - (b[i] ?? 0);
      break;
    case '*':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) * (b[i] ?? 0);
      break;
    case '/':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) / (b[i] ?? 0);
      break;
    case '%':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) % (b[i] ?? 0);
      break;
    case '^':
      for (let i = 0; i < out.length; i++) out[i] = power(a[i] ?? 0, b[i] ?? 0);
      break;
    case 'atan2':
      for (let i = 0; i < out.length; i++) out[i] = Math.atan2(a[i] ?? 0, b[i] ?? 0);
      break;
    default:
      throw new Error(`not an arithmetic operator: ${op}`);
  }
  return out;
}

/** 1 where `a op b` holds. */
export function comparison(op: BinaryOp, a: Float64Array, b: Float64Array): Uint8Array {
  const out = new Uint8Array(a.length);
  switch (op) {
    case '==':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) === (b[i] ?? 0) ? 1 : 0;
      break;
    case '!=':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) !== (b[i] ?? 0) ? 1 : 0;
      break;
    case '>':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) > (b[i] ?? 0) ? 1 : 0;
      break;
    case '<':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) < (b[i] ?? 0) ? 1 : 0;
      break;
    case '>=':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) >= (b[i] ?? 0) ? 1 : 0;
      break;
    case '<=':
      for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) <= (b[i] ?? 0) ? 1 : 0;
      break;
    default:
      throw new Error(`not a comparison operator: ${op}`);
  }
  return out;
}

export function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = (a[i] ?? 0) & (b[i] ?? 0);
  return out;
}
