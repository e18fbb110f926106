import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { RateKind } from '../extrapolation.ts';
import { extrapolation } from '../extrapolation.ts';
import type { Window } from '../matrix.ts';
import { asGauge, combined, compact, divided, emptyLike, scaled } from './arithmetic.ts';
import { isCustom } from './bucket-bounds.ts';
import type { MixedFunction, MixedWindow } from './mixed-windows.ts';
import type { HistogramNotes } from './notes.ts';
import { isReset } from './reset.ts';
import { floatCount, nameOf } from './window-functions.ts';

/**
 * rate, increase and delta of a series with histograms.
 * @param floatRate the same of a window of floats
 */
export function mixedRate(
  kind: RateKind,
  rangeMs: number,
  notes: HistogramNotes,
  floatRate: (floats: Window, startMs: number, endMs: number) => number | undefined,
): MixedFunction {
  return (window) => {
    const { histogramTimes, lo, hi, startMs, endMs } = window;
    if (hi === lo) return floatRate(window.floats, startMs, endMs);
    if (floatCount(window) > 0) {
      notes.mixedRange(nameOf(window));
      return undefined;
    }
    const [first] = window.histograms.slice(lo, hi);
    if (!first || hi - lo < 2) return undefined;
    const change = changeOf(window.histograms.slice(lo, hi), kind, notes, nameOf(window));
    if (!change) return undefined;
    const [from, to] = [histogramTimes[lo] ?? 0, histogramTimes[hi - 1] ?? 0];
    const factor = extrapolation(
      startMs,
      endMs,
      from,
      to,
      hi - lo - 1,
      kind.counter,
      first.count,
      change.count,
    );
    return scaled(change, kind.perSecond ? factor / (rangeMs / 1000) : factor);
  };
}

/** Last minus first, with what resets lost added back; undefined when layouts do not go together. */
function changeOf(
  histograms: readonly NativeHistogram[],
  kind: RateKind,
  notes: HistogramNotes,
  name: string,
): NativeHistogram | undefined {
  const [first, second] = histograms;
  const last = histograms.at(-1);
  if (!first || !second || !last) return undefined;
  if (kind.counter && histograms.some(({ counterReset }) => counterReset === 'gauge')) notes.notCounter(name);
  if (!kind.counter && (first.counterReset !== 'gauge' || last.counterReset !== 'gauge'))
    notes.notGauge(name);
  // In front of a reset the first sample does not count, whatever its layout.
  const before = kind.counter && isReset(second, first) ? emptyLike(second) : first;
  const custom = isCustom(before);
  const relevant = kind.counter ? histograms.slice(1) : [last];
  if (relevant.some((histogram) => isCustom(histogram) !== custom)) {
    notes.mixedSchemas(name);
    return undefined;
  }
  const difference = combined(last, before, -1);
  if (!difference) {
    notes.mixedSchemas(name);
    return undefined;
  }
  if (difference.reconciled) notes.reconciled('subtraction');
  let change = difference.histogram;
  let previous = before;
  for (const current of kind.counter ? histograms.slice(1) : []) {
    if (isReset(current, previous)) {
      const sum = combined(change, previous, 1);
      if (!sum) {
        notes.mixedSchemas(name);
        return undefined;
      }
      if (sum.reconciled) notes.reconciled('addition');
      change = sum.histogram;
    }
    previous = current;
  }
  return compact(asGauge(change));
}

/** irate and idelta of a series with histograms: from its last two samples, which must be of one kind. */
export function mixedLastTwo(
  kind: RateKind,
  notes: HistogramNotes,
  floatResult: (window: MixedWindow) => number,
): MixedFunction {
  return (window) => {
    const { floats, histograms, histogramTimes, lo, hi } = window;
    if (floatCount(window) + hi - lo < 2) return undefined;
    const newest = (times: Float64Array, from: number, to: number, back: number): number =>
      to - back > from ? (times[to - 1 - back] ?? 0) : Number.NEGATIVE_INFINITY;
    const histogramTime = newest(histogramTimes, lo, hi, 0);
    const floatTime = newest(floats.times, floats.lo, floats.hi, 0);
    if (newest(floats.times, floats.lo, floats.hi, 1) > histogramTime) return floatResult(window);
    if (!(newest(histogramTimes, lo, hi, 1) > floatTime)) {
      notes.mixedRange(nameOf(window));
      return undefined;
    }
    const [last, previous] = [histograms[hi - 1], histograms[hi - 2]];
    if (!last || !previous) return undefined;
    const hints = [last.counterReset, previous.counterReset];
    if (kind.counter && hints.includes('gauge')) notes.notCounter(nameOf(window));
    if (!kind.counter && hints.some((hint) => hint !== 'gauge')) notes.notGauge(nameOf(window));
    let change: NativeHistogram = asGauge(last);
    if (!kind.counter || !isReset(last, previous)) {
      const difference = combined(last, previous, -1);
      if (!difference) {
        notes.mixedSchemas(nameOf(window));
        return undefined;
      }
      if (difference.reconciled) notes.reconciled('subtraction');
      change = difference.histogram;
    }
    const seconds = (histogramTime - (histogramTimes[hi - 2] ?? 0)) / 1000;
    return kind.perSecond ? divided(compact(change), seconds) : compact(change);
  };
}
