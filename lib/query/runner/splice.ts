import { labelsKey } from '#lib/model/labels.ts';
import type { Samples } from '../promql/value.ts';
import { compareLabels } from '../promql/value.ts';

/** Those samples of each series that lie in [fromMs, toMs], without copying; series with none are left out. */
export function clip(series: readonly Samples[], fromMs: number, toMs: number): readonly Samples[] {
  const clipped: Samples[] = [];
  for (const one of series) {
    const from = firstAtOrAfter(one.times, fromMs);
    const to = firstAtOrAfter(one.times, toMs + 1);
    if (from === 0 && to === one.times.length) clipped.push(one);
    else if (from < to) clipped.push(part(one, from, to));
  }
  return clipped;
}

function part({ labels, times, values, histograms }: Samples, from: number, to: number): Samples {
  return {
    labels,
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
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
  return [...byKey.values()].map(concatenated).sort((a, b) => compareLabels(a.labels, b.labels));
}

function concatenated(parts: readonly Samples[]): Samples {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const count = parts.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (const one of parts) {
    times.set(one.times, at);
    values.set(one.values, at);
    at += one.times.length;
  }
  const labels = first?.labels ?? [];
  if (parts.every(({ histograms }) => !histograms)) return { labels, times, values };
  const histograms = parts.flatMap((one) => one.histograms ?? new Array(one.times.length).fill(undefined));
  return { labels, times, values, histograms };
}

/** Own memory of the samples, freed of the larger arrays that clipping left them in. */
export function compacted(series: readonly Samples[]): readonly Samples[] {
  return series.map((one) =>
    one.times.byteLength === one.times.buffer.byteLength &&
    one.values.byteLength === one.values.buffer.byteLength
      ? one
      : { ...one, times: one.times.slice(), values: one.values.slice() },
  );
}

/** Rough size in memory. */
export function bytesOf(series: readonly Samples[]): number {
  let bytes = 0;
  for (const { labels, times, histograms } of series) {
    bytes += 200 + 16 * times.length;
    for (const [name, value] of labels) bytes += 2 * (name.length + value.length);
    for (const histogram of histograms ?? [])
      if (histogram) bytes += 300 + 8 * (histogram.positive.counts.length + histogram.negative.counts.length);
  }
  return bytes;
}
