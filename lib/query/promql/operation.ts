import { arithmetic, both, comparison } from './arithmetic.ts';
import type { Binary } from './ast.ts';
import { COMPARISONS, TRIMS } from './ast.ts';
import type { HistogramNotes } from './native/notes.ts';
import type { Operand, Outcome } from './native/operation.ts';
import { withHistograms } from './native/operation.ts';

/**
 * `left op right`, step by step, where both are present. A comparison without `bool` keeps the samples of one side.
 */
export function operate(
  { op, bool }: Pick<Binary, 'op' | 'bool'>,
  left: Operand,
  right: Operand,
  present: Uint8Array,
  kept: 'left' | 'right',
  notes: HistogramNotes,
): Outcome {
  if (left.histograms || right.histograms || TRIMS.has(op))
    return withHistograms(op, bool, left, right, present, kept, notes);
  if (!COMPARISONS.has(op))
    return { values: arithmetic(op, left.values, right.values), present, histograms: undefined };
  const holds = comparison(op, left.values, right.values);
  if (bool) return { values: Float64Array.from(holds), present, histograms: undefined };
  const { values } = kept === 'left' ? left : right;
  return { values, present: both(present, holds), histograms: undefined };
}
