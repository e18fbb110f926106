import { labelsKey } from '#lib/model/labels.ts';
import type { Samples } from '../promql/value.ts';
import { compareLabels } from '../promql/value.ts';

/**
 * Those samples of each series that lie in [fromMs, toMs], without copying; series with none are left out. Series that
 * share their times go on sharing them.
 */
export function clip(series: readonly Samples[], fromMs: number, toMs: number): readonly Samples[] {
  const clipped: Samples[] = [];
  const bounds = sharing((times) => ({
    from: firstAtOrAfter(times, fromMs),
    to: firstAtOrAfter(times, toMs + 1),
  }));
  const inside = sharing((times) => times.subarray(bounds(times).from, bounds(times).to));
  for (const one of series) {
    const { from, to } = bounds(one.times);
    if (from === 0 && to === one.times.length) clipped.push(one);
    else if (from < to)
      clipped.push({
        labels: one.labels,
        times: inside(one.times),
        values: one.values.subarray(from, to),
        ...(one.histograms ? { histograms: one.histograms.slice(from, to) } : {}),
      });
  }
  return clipped;
}

/** Makes a thing of the times of each series, once for those that share them. */
function sharing<T>(make: (times: Float64Array) => T): (times: Float64Array) => T {
  const made = new Map<Float64Array, T>();
  return (times) => {
    const found = made.get(times) ?? make(times);
    made.set(times, found);
    return found;
  };
}

function firstAtOrAfter(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Answers for consecutive ranges as one, sorted by labels as each of them is. */
export function joined(pieces: readonly (readonly Samples[])[]): readonly Samples[] {
  const [only] = pieces;
  if (pieces.length === 1 && only) return only;
  const byKey = new Map<string, Samples[]>();
  for (const series of pieces)
    for (const one of series) {
      const key = labelsKey(one.labels);
      const found = byKey.get(key);
      if (found) found.push(one);
      else byKey.set(key, [one]);
    }
  let before: { readonly parts: readonly Samples[]; readonly times: Float64Array } | undefined;
  const whole: Samples[] = [];
  for (const parts of byKey.values()) {
    const shared =
      before?.parts.length === parts.length && before.parts.every((p, i) => p.times === parts[i]?.times);
    const times = before && shared ? before.times : concatenated(parts.map((part) => part.times));
    before = { parts, times };
    whole.push(series(parts, times));
  }
  return whole.sort((a, b) => compareLabels(a.labels, b.labels));
}

function series(parts: readonly Samples[], times: Float64Array): Samples {
  const labels = parts[0]?.labels ?? [];
  const values = concatenated(parts.map((part) => part.values));
  if (parts.every(({ histograms }) => !histograms)) return { labels, times, values };
  const histograms = parts.flatMap((one) => one.histograms ?? new Array(one.times.length).fill(undefined));
  return { labels, times, values, histograms };
}

function concatenated(columns: readonly Float64Array[]): Float64Array {
  const [first] = columns;
  if (first && columns.length === 1) return first;
  const whole = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}

/** Own memory of the samples, freed of the larger arrays that clipping left them in. */
export function compacted(series: readonly Samples[]): readonly Samples[] {
  const own = sharing((times) => alone(times));
  return series.map((one) => ({ ...one, times: own(one.times), values: alone(one.values) }));
}

function alone(column: Float64Array): Float64Array {
  return column.byteLength === column.buffer.byteLength ? column : column.slice();
}

/** Rough size in memory. */
export function bytesOf(series: readonly Samples[]): number {
  let bytes = 0;
  const columns = new Set<Float64Array>();
  for (const { labels, times, values, histograms } of series) {
    bytes += 200;
    columns.add(times).add(values);
    for (const [name, value] of labels) bytes += 2 * (name.length + value.length);
    for (const histogram of histograms ?? [])
      if (histogram) bytes += 300 + 8 * (histogram.positive.counts.length + histogram.negative.counts.length);
  }
  for (const column of columns) bytes += column.byteLength;
  return bytes;
}
