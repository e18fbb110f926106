import { WindowBounds } from './bounds.ts';
import type { Evaluation } from './evaluation.ts';
import type { Matrix, WindowFunction } from './matrix.ts';
import { newWindow } from './matrix.ts';
import type { MixedFunction } from './native/mixed-windows.ts';
import { mixedColumn } from './native/mixed-windows.ts';
import { cleaned } from './range-series.ts';
import type { Column, Grid } from './value.ts';
import { timeAt } from './value.ts';

/** Samples looked at between two looks at the clock: long windows are too slow to wait for a series' end. */
const SLICE_SAMPLES = 20_000;

/**
 * Moves the window over each series once; series without any result are left out.
 * @param mixed stands in for `fn` where a series has histograms
 */
export async function overWindows(
  evaluation: Evaluation,
  matrix: Matrix,
  grid: Grid,
  fn: WindowFunction,
  mixed: MixedFunction,
): Promise<Column[]> {
  const columns: Column[] = [];
  const window = newWindow();
  const windows = new WindowBounds(matrix.reference, matrix.rangeMs, grid.steps);
  let work = 0;
  for (const raw of matrix.series) {
    const series = cleaned(raw);
    if (series.histograms) {
      const column = await mixedColumn(evaluation, series, matrix, grid, mixed);
      if (column) columns.push(column);
      if (evaluation.due()) await evaluation.pause();
      continue;
    }
    const { lo, hi } = windows.of(series.times);
    const out = new Float64Array(grid.steps);
    const present = new Uint8Array(grid.steps);
    window.times = series.times;
    window.values = series.values;
    let any = false;
    for (let i = 0; i < grid.steps; i++) {
      window.lo = lo[i] ?? 0;
      window.hi = hi[i] ?? 0;
      const size = window.hi - window.lo;
      if (size < fn.minSamples) continue;
      window.step = i;
      window.nowMs = timeAt(grid, i);
      out[i] = fn.apply(window);
      present[i] = 1;
      any = true;
      work += size;
      if (work < SLICE_SAMPLES) continue;
      work = 0;
      if (evaluation.due()) await evaluation.pause();
    }
    if (any) {
      evaluation.reserve(grid.steps);
      columns.push({
        labels: series.labels,
        values: out,
        present,
        histograms: undefined,
        dropName: series.dropName,
      });
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}
