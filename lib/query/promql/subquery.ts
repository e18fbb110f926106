import type { Subquery } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import type { RangeSeries } from './range-series.ts';
import { reference } from './reference.ts';
import type { Column, Grid, Histograms } from './value.ts';
import { timeAt } from './value.ts';

/** Step of a subquery that names none: Prometheus' default evaluation interval. */
const DEFAULT_STEP_MS = 60_000;

/** The times a subquery is evaluated at: multiples of its step (since the epoch) inside the outer windows. */
export function subqueryGrid(evaluation: Evaluation, expr: Subquery, grid: Grid): Grid | undefined {
  const ref = reference(evaluation, expr.shift, grid);
  const stepMs = expr.step?.ms ?? DEFAULT_STEP_MS;
  const after = ref.firstMs - expr.range.ms;
  const startMs = (Math.floor(after / stepMs) + 1) * stepMs;
  const steps = Math.floor((ref.lastMs - startMs) / stepMs) + 1;
  return steps > 0 ? { startMs, stepMs, steps } : undefined;
}

/** Subqueries' results as series; columns without gaps share their times. */
export function columnSeries(columns: readonly Column[], grid: Grid): RangeSeries[] {
  const all = Float64Array.from({ length: columns.length ? grid.steps : 0 }, (_, i) => timeAt(grid, i));
  return columns.map((column) => {
    const { labels, dropName } = column;
    if (!column.present.includes(0))
      return {
        labels,
        times: all,
        values: column.values,
        histograms: column.histograms,
        clean: true,
        dropName,
      };
    const { times, values, histograms } = presentOnly(column, all);
    return { labels, times, values, histograms, clean: true, dropName };
  });
}

/** The samples that are there, with their times. */
export function presentOnly(
  { values, present, histograms }: Pick<Column, 'values' | 'present' | 'histograms'>,
  all: Float64Array,
): { times: Float64Array; values: Float64Array; histograms: Histograms | undefined } {
  let count = 0;
  for (let i = 0; i < present.length; i++) count += present[i] ?? 0;
  const times = new Float64Array(count);
  const kept = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    times[next] = all[i] ?? 0;
    kept[next++] = values[i] ?? 0;
  }
  return { times, values: kept, histograms: histograms?.filter((_, i) => present[i]) };
}
