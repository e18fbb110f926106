import type { MetricBatch } from '#lib/model/metrics.ts';
import type { Rejection } from './rejection.ts';

/**
 * The batches of one body, so that others get a turn between them; what was rejected in all of it comes at the end.
 * What senders send is one, what an attacker or a person sends may be a hundred.
 */
export type DecodedParts = Generator<MetricBatch, readonly Rejection[], void>;

/** Takes the parts of a body that is decoded at once. */
export function wholeOf(parts: DecodedParts): { batch: MetricBatch; rejected: readonly Rejection[] } {
  let batch: MetricBatch | undefined;
  for (let next = parts.next(); ; next = parts.next()) {
    if (!next.done) batch = next.value;
    else if (batch === undefined) throw new TypeError('a body has at least one part');
    else return { batch, rejected: next.value };
  }
}

/** Parts of a batch by its series: what the store does with a batch, it does in one go. */
export function* partsOf(batch: MetricBatch, seriesAtOnce = 2000): Generator<MetricBatch> {
  const { series, offsets, timestamps, values, metadata, histograms = [], exemplars = [] } = batch;
  if (series.length <= seriesAtOnce) {
    yield batch;
    return;
  }
  const within = <T extends { readonly series: number }>(
    items: readonly T[],
    from: number,
    to: number,
  ): T[] =>
    items
      .filter((item) => item.series >= from && item.series < to)
      .map((item) => ({ ...item, series: item.series - from }));
  for (let from = 0; from < series.length; from += seriesAtOnce) {
    const to = Math.min(series.length, from + seriesAtOnce);
    const [begin = 0, end = 0] = [offsets[from], offsets[to]];
    yield {
      series: series.slice(from, to),
      offsets: offsets.slice(from, to + 1).map((offset) => offset - begin),
      timestamps: timestamps.slice(begin, end),
      values: values.slice(begin, end),
      metadata: from === 0 ? metadata : [],
      ...(histograms.length > 0 ? { histograms: within(histograms, from, to) } : {}),
      ...(exemplars.length > 0 ? { exemplars: within(exemplars, from, to) } : {}),
    };
  }
}
