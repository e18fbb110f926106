import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { arithmetic, comparison } from '../arithmetic.ts';
import type { BinaryOp } from '../ast.ts';
import { COMPARISONS, TRIMS } from '../ast.ts';
import type { Histograms } from '../value.ts';
import { combined, compact, divided, equal, scaled } from './arithmetic.ts';
import type { HistogramNotes } from './notes.ts';
import { trimmed } from './trim.ts';

/** One side of an operator, by step. */
export interface Operand {
  readonly values: Float64Array;
  readonly histograms: Histograms | undefined;
}

export interface Outcome extends Operand {
  readonly present: Uint8Array;
}

type Sample = number | NativeHistogram;

/**
 * An operator over two sides of which at least one has histograms (or the operator is for histograms only).
 * @param present the steps that both sides have
 * @param kept the side whose sample stands where a comparison holds
 */
export function withHistograms(
  op: BinaryOp,
  bool: boolean,
  left: Operand,
  right: Operand,
  present: Uint8Array,
  kept: 'left' | 'right',
  notes: HistogramNotes,
): Outcome {
  const steps = present.length;
  const values = new Float64Array(steps);
  const here = new Uint8Array(steps);
  const histograms = new Array<NativeHistogram | undefined>(steps).fill(undefined);
  let any = false;
  for (let i = 0; i < steps; i++) {
    if (!present[i]) continue;
    const a = left.histograms?.[i] ?? left.values[i] ?? 0;
    const b = right.histograms?.[i] ?? right.values[i] ?? 0;
    const result = COMPARISONS.has(op)
      ? compared(op, bool, a, b, kept === 'left' ? a : b, notes)
      : calculated(op, a, b, notes);
    if (result === undefined) continue;
    here[i] = 1;
    if (typeof result === 'number') values[i] = result;
    else {
      values[i] = Number.NaN;
      histograms[i] = result;
      any = true;
    }
  }
  return { values, present: here, histograms: any ? histograms : undefined };
}

function mismatch(op: BinaryOp, a: Sample, b: Sample, notes: HistogramNotes): undefined {
  const kind = (sample: Sample): string => (typeof sample === 'number' ? 'float' : 'histogram');
  notes.incompatibleTypes(kind(a), op, kind(b));
  return undefined;
}

function compared(
  op: BinaryOp,
  bool: boolean,
  a: Sample,
  b: Sample,
  kept: Sample,
  notes: HistogramNotes,
): Sample | undefined {
  let holds: boolean;
  if (typeof a === 'number' && typeof b === 'number')
    holds = comparison(op, Float64Array.of(a), Float64Array.of(b))[0] === 1;
  else if (typeof a !== 'number' && typeof b !== 'number' && (op === '==' || op === '!='))
    holds = equal(a, b) === (op === '==');
  else return mismatch(op, a, b, notes);
  if (bool) return holds ? 1 : 0;
  return holds ? kept : undefined;
}

function calculated(op: BinaryOp, a: Sample, b: Sample, notes: HistogramNotes): Sample | undefined {
  if (typeof a === 'number') {
    if (typeof b !== 'number') return op === '*' ? scaled(b, a) : mismatch(op, a, b, notes);
    if (TRIMS.has(op)) return mismatch(op, a, b, notes);
    return arithmetic(op, Float64Array.of(a), Float64Array.of(b))[0];
  }
  if (typeof b === 'number') {
    if (op === '*') return scaled(a, b);
    if (op === '/') return divided(a, b);
    if (op === '</' || op === '>/') return trimmed(a, b, op === '</' ? 'upper' : 'lower');
    return mismatch(op, a, b, notes);
  }
  if (op !== '+' && op !== '-') return mismatch(op, a, b, notes);
  const operation = op === '+' ? 'addition' : 'subtraction';
  const result = combined(a, b, op === '+' ? 1 : -1);
  if (!result) {
    notes.incompatibleLayout(op);
    return undefined;
  }
  if (result.collision) notes.collision(operation);
  if (result.reconciled) notes.reconciled(operation);
  return compact(result.histogram);
}
