import type { Labels } from '#lib/model/labels.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { Histograms } from './value.ts';

/** A series of a range vector as it was read: with staleness markers still in it unless `clean`. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly histograms: Histograms | undefined;
  readonly clean: boolean;
  readonly dropName: boolean;
}

/** Without staleness markers; the series itself when it has none. */
export function cleaned(series: RangeSeries): RangeSeries {
  if (series.clean) return series;
  const { values, times, histograms } = series;
  const stale = staleCount(values, histograms);
  if (stale === 0) return series;
  const words = wordsOf(values);
  const keptTimes = new Float64Array(values.length - stale);
  const keptValues = new Float64Array(values.length - stale);
  const keptHistograms: (NativeHistogram | undefined)[] = [];
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (Number.isNaN(value) && !histograms?.[i] && isStale(words, i)) continue;
    if (histograms) keptHistograms.push(histograms[i]);
    keptTimes[kept] = times[i] ?? 0;
    keptValues[kept++] = value;
  }
  return {
    ...series,
    times: keptTimes,
    values: keptValues,
    histograms: histograms ? keptHistograms : undefined,
    clean: true,
  };
}

function staleCount(values: Float64Array, histograms: Histograms | undefined): number {
  let words: Uint32Array | undefined;
  let stale = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) continue;
    words ??= wordsOf(values);
    if (!histograms?.[i] && isStale(words, i)) stale++;
  }
  return stale;
}
