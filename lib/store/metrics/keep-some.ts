import { type MetricBatch, type SeriesRef, wordsOf } from '#lib/model/metrics.ts';

export interface Choice {
  /** Whether a sample or histogram of `batch.series[series]` stays. */
  sample(at: number, series: number): boolean;
  exemplar(at: number, series: number): boolean;
}

/**
 * A batch of what is chosen, with times as whole milliseconds. Series of which nothing stays are left out, as they
 * must not become known by it.
 */
export function keepSome(batch: MetricBatch, choice: Choice): MetricBatch {
  const total = batch.timestamps.length;
  const words = wordsOf(batch.values);
  const times = new Float64Array(total);
  const values = new Float64Array(total);
  const out = wordsOf(values);
  const series: SeriesRef[] = [];
  const offsets = [0];
  const histograms = (batch.histograms ?? [])
    .filter((h) => choice.sample(h.timestamp, h.series))
    .map((h) => ({ ...h, timestamp: Math.round(h.timestamp) }));
  const exemplars = (batch.exemplars ?? []).filter((e) => choice.exemplar(e.exemplar.timestamp, e.series));
  const beside = new Set([...histograms, ...exemplars].map((item) => item.series));
  const moved = new Map<number, number>();
  let kept = 0;
  for (let s = 0; s < batch.series.length; s++) {
    for (let i = batch.offsets[s] as number; i < (batch.offsets[s + 1] as number); i++) {
      const at = batch.timestamps[i] as number;
      if (!choice.sample(at, s)) continue;
      times[kept] = Math.round(at);
      out[2 * kept] = words[2 * i] as number;
      out[2 * kept + 1] = words[2 * i + 1] as number;
      kept++;
    }
    const ref = batch.series[s];
    if (ref === undefined || (kept === offsets.at(-1) && !beside.has(s))) continue;
    moved.set(s, series.length);
    series.push(ref);
    offsets.push(kept);
  }
  const place = <T extends { readonly series: number }>(item: T): T => ({
    ...item,
    series: moved.get(item.series) ?? -1,
  });
  return {
    series,
    offsets: Uint32Array.from(offsets),
    timestamps: times.subarray(0, kept),
    values: values.subarray(0, kept),
    metadata: batch.metadata,
    histograms: histograms.map(place),
    exemplars: exemplars.map(place),
  };
}
