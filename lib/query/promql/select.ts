import type { SeriesData } from '#lib/model/metrics.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { MatrixSelector, VectorSelector } from './ast.ts';
import type { Bounds } from './bounds.ts';
import { WindowBounds } from './bounds.ts';
import type { Evaluation } from './evaluation.ts';
import { smoothedVector } from './extended.ts';
import { print } from './print.ts';
import type { RangeSeries } from './range-series.ts';
import { reference } from './reference.ts';
import type { Column, Grid } from './value.ts';

/**
 * The latest sample of each series in (t − lookback, t], unless it is a staleness marker.
 * @param what `times` gives the samples' own times in seconds instead of their values
 */
export async function instantVector(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
  what: 'values' | 'times' = 'values',
): Promise<Column[]> {
  if (selector.extension === 'smoothed') return smoothedVector(evaluation, selector, grid);
  const ref = reference(evaluation, selector.shift, grid);
  const lookback = evaluation.lookbackMs;
  const found = await evaluation.fetch(
    selector.matchers,
    ref.firstMs - lookback,
    ref.lastMs,
    print(selector),
    { func: '', rangeMs: 0, stepMs: grid.stepMs },
  );
  const windows = new WindowBounds(ref, lookback, grid.steps);
  const columns: Column[] = [];
  for (const series of found) {
    const column = latest(series, windows.of(series.timestamps), grid.steps, what);
    if (column) {
      evaluation.reserve(grid.steps);
      columns.push(column);
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}

function latest(
  { labels, timestamps, values, histograms }: SeriesData,
  { lo, hi }: Bounds,
  steps: number,
  what: 'values' | 'times',
): Column | undefined {
  const out = new Float64Array(steps);
  const present = new Uint8Array(steps);
  let found: (NativeHistogram | undefined)[] | undefined;
  let words: Uint32Array | undefined;
  let any = false;
  for (let i = 0; i < steps; i++) {
    const at = (hi[i] ?? 0) - 1;
    if (at < (lo[i] ?? 0)) continue;
    const value = values[at] ?? 0;
    if (Number.isNaN(value)) {
      const histogram = histograms?.[at];
      words ??= wordsOf(values);
      if (!histogram && isStale(words, at)) continue;
      if (histogram && what === 'values') {
        found ??= new Array<undefined>(steps).fill(undefined);
        found[i] = histogram;
      }
    }
    out[i] = what === 'values' ? value : (timestamps[at] ?? 0) / 1000;
    present[i] = 1;
    any = true;
  }
  return any ? { labels, values: out, present, histograms: found, dropName: false } : undefined;
}

/** Where a range selector reaches beyond its windows: `anchored` looks back for a sample in front, `smoothed` ahead as well. */
export function reach(evaluation: Evaluation, selector: VectorSelector): { before: number; after: number } {
  const lookback = evaluation.lookbackMs;
  return {
    before: selector.extension ? lookback : 0,
    after: selector.extension === 'smoothed' ? lookback : 0,
  };
}

/**
 * All samples that the windows of a range selector can see.
 * @param func the function they are for, a hint for the store
 */
export async function rangeSeries(
  evaluation: Evaluation,
  expr: MatrixSelector,
  grid: Grid,
  func: string,
): Promise<RangeSeries[]> {
  const ref = reference(evaluation, expr.selector.shift, grid);
  const { before, after } = reach(evaluation, expr.selector);
  const found = await evaluation.fetch(
    expr.selector.matchers,
    ref.firstMs - expr.range.ms - before,
    ref.lastMs + after,
    print(expr),
    { func, rangeMs: expr.range.ms, stepMs: grid.stepMs },
  );
  return found.map(({ labels, timestamps, values, histograms }) => ({
    labels,
    times: timestamps,
    values,
    histograms,
    clean: false,
    dropName: false,
  }));
}
