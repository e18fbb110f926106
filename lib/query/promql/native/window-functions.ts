import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { WindowFunction } from '../matrix.ts';
import { equal } from './arithmetic.ts';
import type { MixedFunction, MixedWindow } from './mixed-windows.ts';
import type { HistogramNotes } from './notes.ts';
import { isReset } from './reset.ts';
import { HistogramTotal, meanOf } from './total.ts';

export function nameOf({ series }: MixedWindow): string {
  return labelValue(series.labels, METRIC_NAME);
}

export function floatCount({ floats }: MixedWindow): number {
  return floats.hi - floats.lo;
}

/** A function of floats alone: histograms beside them are left out, and named. */
export function ignoringHistograms(fn: WindowFunction, notes: HistogramNotes): MixedFunction {
  return (window) => {
    const count = floatCount(window);
    if (count === 0) return undefined;
    if (window.hi > window.lo) notes.ignoredInRange(nameOf(window));
    return count < fn.minSamples ? undefined : fn.apply(window.floats);
  };
}

/** sum_over_time and avg_over_time: of floats or of histograms, not of both. */
export function totalOverTime(
  fn: WindowFunction,
  notes: HistogramNotes,
  resultOf: (histograms: readonly NativeHistogram[], total: HistogramTotal) => NativeHistogram,
): MixedFunction {
  return (window) => {
    if (window.hi === window.lo) return fn.apply(window.floats);
    if (floatCount(window) > 0) {
      notes.mixedRange(nameOf(window));
      return undefined;
    }
    const histograms = window.histograms.slice(window.lo, window.hi);
    const [first, ...others] = histograms;
    if (!first) return undefined;
    const total = new HistogramTotal(first);
    for (const histogram of others) {
      if (total.add(histogram)) continue;
      notes.mixedSchemas(nameOf(window));
      return undefined;
    }
    if (total.collision) notes.collision('aggregation');
    if (total.reconciled) notes.reconciled('aggregation');
    return resultOf(histograms, total);
  };
}

/** Counts the pairs of neighbours, in the order of time, that differ; a change of kind always does. */
function pairs(
  differs: (a: number, b: number) => boolean,
  differ: (a: NativeHistogram, b: NativeHistogram) => boolean,
): MixedFunction {
  return ({ floats, histograms, histogramTimes, lo, hi }) => {
    let count = 0;
    let i = floats.lo;
    let j = lo;
    let before: number | NativeHistogram | undefined;
    while (i < floats.hi || j < hi) {
      const next =
        j >= hi || (i < floats.hi && (floats.times[i] ?? 0) < (histogramTimes[j] ?? 0))
          ? (floats.values[i++] ?? 0)
          : histograms[j++];
      if (next === undefined) break;
      if (before !== undefined) {
        if (typeof before === 'number' && typeof next === 'number') count += differs(before, next) ? 1 : 0;
        else if (typeof before !== 'number' && typeof next !== 'number')
          count += differ(before, next) ? 1 : 0;
        else count++;
      }
      before = next;
    }
    return count;
  };
}

function atEnd(end: 'first' | 'last', what: 'value' | 'time'): MixedFunction {
  return ({ floats, histograms, histogramTimes, lo, hi }) => {
    const float = end === 'first' ? floats.lo : floats.hi - 1;
    const histogram = end === 'first' ? lo : hi - 1;
    const floatTime = floats.hi > floats.lo ? (floats.times[float] ?? 0) : undefined;
    const histogramTime = hi > lo ? (histogramTimes[histogram] ?? 0) : undefined;
    const isFloat =
      histogramTime === undefined ||
      (floatTime !== undefined && (end === 'first' ? floatTime < histogramTime : floatTime > histogramTime));
    if (what === 'time') return ((isFloat ? floatTime : histogramTime) ?? 0) / 1000;
    return isFloat ? (floats.values[float] ?? 0) : histograms[histogram];
  };
}

const SPECIAL: ReadonlyMap<string, MixedFunction> = new Map<string, MixedFunction>([
  ['count_over_time', (window) => floatCount(window) + window.hi - window.lo],
  ['present_over_time', () => 1],
  ['first_over_time', atEnd('first', 'value')],
  ['last_over_time', atEnd('last', 'value')],
  ['ts_of_first_over_time', atEnd('first', 'time')],
  ['ts_of_last_over_time', atEnd('last', 'time')],
  [
    'changes',
    pairs(
      (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)),
      (a, b) => !equal(a, b),
    ),
  ],
  [
    'resets',
    pairs(
      (a, b) => b < a,
      (a, b) => isReset(b, a),
    ),
  ],
]);

/** What an …_over_time function (and deriv and the like) makes of a window with histograms. */
export function mixedFunction(name: string, fn: WindowFunction, notes: HistogramNotes): MixedFunction {
  const special = SPECIAL.get(name);
  if (special) return special;
  if (name === 'sum_over_time') return totalOverTime(fn, notes, (_, total) => total.value());
  if (name === 'avg_over_time') return totalOverTime(fn, notes, meanOf);
  return ignoringHistograms(fn, notes);
}
