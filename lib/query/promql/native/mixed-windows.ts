import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { WindowBounds } from '../bounds.ts';
import type { Matrix, Window } from '../matrix.ts';
import { newWindow } from '../matrix.ts';
import type { Pacer } from '../pacer.ts';
import type { RangeSeries } from '../range-series.ts';
import type { Column, Grid } from '../value.ts';
import { timeAt } from '../value.ts';

/** What one step sees of a series with histograms: its floats and, apart from them, its histograms. */
export interface MixedWindow {
  readonly series: RangeSeries;
  readonly floats: Window;
  histogramTimes: Float64Array;
  histograms: readonly NativeHistogram[];
  /** `histograms[lo … hi)` */
  lo: number;
  hi: number;
  startMs: number;
  endMs: number;
}

export type MixedFunction = (window: MixedWindow) => number | NativeHistogram | undefined;

/** One series with histograms, step by step. */
export async function mixedColumn(
  pacer: Pacer,
  series: RangeSeries,
  matrix: Matrix,
  grid: Grid,
  apply: MixedFunction,
): Promise<Column | undefined> {
  const { times, values, histograms = [] } = series;
  const isHistogram = (_: number, i: number): boolean => histograms[i] !== undefined;
  const isFloat = (_: number, i: number): boolean => histograms[i] === undefined;
  const floats = newWindow();
  floats.times = times.filter(isFloat);
  floats.values = values.filter(isFloat);
  const window: MixedWindow = {
    series,
    floats,
    histogramTimes: times.filter(isHistogram),
    histograms: histograms.filter((histogram) => histogram !== undefined),
    lo: 0,
    hi: 0,
    startMs: 0,
    endMs: 0,
  };
  const bounds = new WindowBounds(matrix.reference, matrix.rangeMs, grid.steps);
  const ofFloats = bounds.of(floats.times);
  const ofHistograms = bounds.of(window.histogramTimes);
  const out = new Float64Array(grid.steps);
  const present = new Uint8Array(grid.steps);
  const found = new Array<NativeHistogram | undefined>(grid.steps).fill(undefined);
  let any = false;
  for (let i = 0; i < grid.steps; i++) {
    floats.lo = ofFloats.lo[i] ?? 0;
    floats.hi = ofFloats.hi[i] ?? 0;
    window.lo = ofHistograms.lo[i] ?? 0;
    window.hi = ofHistograms.hi[i] ?? 0;
    if (floats.hi === floats.lo && window.hi === window.lo) continue;
    floats.step = i;
    floats.nowMs = timeAt(grid, i);
    window.endMs = matrix.reference.firstMs + i * matrix.reference.stepMs;
    window.startMs = window.endMs - matrix.rangeMs;
    const result = apply(window);
    if (pacer.due()) await pacer.pause();
    if (result === undefined) continue;
    if (typeof result === 'number') out[i] = result;
    else {
      out[i] = Number.NaN;
      found[i] = result;
    }
    present[i] = 1;
    any = true;
  }
  if (!any) return undefined;
  const kept = found.some((histogram) => histogram) ? found : undefined;
  return { labels: series.labels, values: out, present, histograms: kept, dropName: series.dropName };
}
