import { isStale, wordsOf } from '#lib/model/metrics.ts';
import type { Bounds } from './bounds.ts';
import { WindowBounds } from './bounds.ts';
import type { Evaluation } from './evaluation.ts';
import type { RateKind } from './extrapolation.ts';
import { extrapolation } from './extrapolation.ts';
import type { Matrix, Window, WindowFunction } from './matrix.ts';
import { mixedColumn } from './native/mixed-windows.ts';
import type { HistogramNotes } from './native/notes.ts';
import { mixedRate } from './native/rate.ts';
import type { RangeSeries } from './range-series.ts';
import { cleaned } from './range-series.ts';
import type { Column, Grid } from './value.ts';

/** rate, increase and delta: the change between the first and last sample of each window, extrapolated to its edges. */
export async function rateColumns(
  evaluation: Evaluation,
  matrix: Matrix,
  grid: Grid,
  kind: RateKind,
  notes: HistogramNotes,
): Promise<Column[]> {
  const columns: Column[] = [];
  const windows = new WindowBounds(matrix.reference, matrix.rangeMs, grid.steps);
  const mixed = mixedRate(kind, matrix.rangeMs, notes, (floats, startMs, endMs) =>
    rateOfWindow(floats, startMs, endMs, matrix.rangeMs, kind),
  );
  const resets: number[] = [];
  const rates = (series: RangeSeries): Column | 'stale' | undefined =>
    ratesOf(series, windows.of(series.times), matrix, grid.steps, kind, resets);
  for (const series of matrix.series) {
    let column: Column | 'stale' | undefined;
    if (series.histograms) column = await mixedColumn(evaluation, cleaned(series), matrix, grid, mixed);
    // Counters are looked at sample by sample anyway: staleness markers, which are rare, show up then.
    else if (kind.counter) column = rates(series);
    else column = rates(cleaned(series));
    if (column === 'stale') column = rates(cleaned(series));
    if (column && column !== 'stale') {
      evaluation.reserve(grid.steps);
      columns.push(column);
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return columns;
}

/** `stale` when a counter's windows hold a staleness marker: the series must be cleaned first. */
function ratesOf(
  series: RangeSeries,
  bounds: Bounds,
  matrix: Matrix,
  steps: number,
  kind: RateKind,
  resets: number[],
): Column | 'stale' | undefined {
  const { times, values, clean } = series;
  const { firstMs, stepMs } = matrix.reference;
  const rangeMs = matrix.rangeMs;
  const seconds = kind.perSecond ? rangeMs / 1000 : 1;
  const { lo, hi } = bounds;
  const out = new Float64Array(steps);
  const present = new Uint8Array(steps);
  let checked = 0;
  let firstReset = 0;
  let any = false;
  resets.length = 0;
  for (let i = 0; i < steps; i++) {
    const from = lo[i] ?? 0;
    const to = hi[i] ?? 0;
    if (to - from < 2) continue;
    const first = values[from] ?? 0;
    let change = (values[to - 1] ?? 0) - first;
    if (kind.counter) {
      if (checked <= from) checked = from + 1;
      let previous = values[checked - 1] ?? 0;
      for (; checked < to; checked++) {
        const value = values[checked] ?? 0;
        if (!(value >= previous)) {
          if (value < previous) resets.push(checked);
          else if (!clean && (staleAt(values, checked) || staleAt(values, checked - 1))) return 'stale';
        }
        previous = value;
      }
      // A reset at index r lost the value in front of it; one at `from` itself lies before the window.
      while (firstReset < resets.length && (resets[firstReset] ?? 0) <= from) firstReset++;
      for (let r = firstReset; r < resets.length; r++) {
        const index = resets[r] ?? 0;
        if (index >= to) break;
        change += values[index - 1] ?? 0;
      }
    }
    const end = firstMs + i * stepMs;
    const factor = extrapolation(
      end - rangeMs,
      end,
      times[from] ?? 0,
      times[to - 1] ?? 0,
      to - from - 1,
      kind.counter,
      first,
      change,
    );
    out[i] = change * (factor / seconds);
    present[i] = 1;
    any = true;
  }
  if (!any) return undefined;
  return { labels: series.labels, values: out, present, histograms: undefined, dropName: series.dropName };
}

function staleAt(values: Float64Array, index: number): boolean {
  return Number.isNaN(values[index]) && isStale(wordsOf(values), index);
}

/** The same of one window of floats without staleness markers. */
function rateOfWindow(
  { times, values, lo, hi }: Window,
  startMs: number,
  endMs: number,
  rangeMs: number,
  kind: RateKind,
): number | undefined {
  if (hi - lo < 2) return undefined;
  const first = values[lo] ?? 0;
  let change = (values[hi - 1] ?? 0) - first;
  for (let i = lo + 1; kind.counter && i < hi; i++)
    if ((values[i] ?? 0) < (values[i - 1] ?? 0)) change += values[i - 1] ?? 0;
  const [from, to] = [times[lo] ?? 0, times[hi - 1] ?? 0];
  const factor = extrapolation(startMs, endMs, from, to, hi - lo - 1, kind.counter, first, change);
  return change * (kind.perSecond ? factor / (rangeMs / 1000) : factor);
}

/** irate and idelta: from the last two samples alone. */
export function lastTwo(kind: RateKind): WindowFunction {
  return {
    minSamples: 2,
    apply: ({ times, values, hi }: Window): number => {
      const last = values[hi - 1] ?? 0;
      const previous = values[hi - 2] ?? 0;
      const change = kind.counter && last < previous ? last : last - previous;
      return kind.perSecond ? change / (((times[hi - 1] ?? 0) - (times[hi - 2] ?? 0)) / 1000) : change;
    },
  };
}
