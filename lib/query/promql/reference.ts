import type { TimeShift } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import type { Grid } from './value.ts';
import { timeAt } from './value.ts';

/** The moment a selector looks back from at step i is `firstMs + i · stepMs`; with `@` it stands still. */
export interface Reference {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly lastMs: number;
}

export function reference(evaluation: Evaluation, shift: TimeShift, grid: Grid): Reference {
  const offset = shift.offset?.ms ?? 0;
  if (shift.at === undefined) {
    const firstMs = grid.startMs - offset;
    return { firstMs, stepMs: grid.stepMs, lastMs: timeAt(grid, grid.steps - 1) - offset };
  }
  const at = shift.at === 'start' ? evaluation.startMs : shift.at === 'end' ? evaluation.endMs : shift.at;
  return { firstMs: at - offset, stepMs: 0, lastMs: at - offset };
}
