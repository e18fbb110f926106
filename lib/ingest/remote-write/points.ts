import { Fault } from '#lib/model/fault.ts';
import type { Label } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { exemplarOf } from '../exemplars.ts';
import { describeSeries } from '../label-limits.ts';
import type { ProtoReader } from '../protobuf/reader.ts';
import type { Rejections } from '../rejection.ts';
import type { SampleColumns } from '../sample-columns.ts';
import { readHistogram } from './histogram.ts';

/** prometheus.Sample, and io.prometheus.write.v2.Sample without its start timestamp */
const VALUE = 0x09;
const TIMESTAMP = 0x10;

/** Buckets of one body: 2,000 histograms of 2,000 buckets. In memory each takes eight times what it may take on the wire. */
const MAX_BUCKETS_PER_BODY = 4_000_000;

/** Reads one sample into the columns; returns its time. */
export function readSample(reader: ProtoReader, columns: SampleColumns): number {
  const outer = reader.enter();
  let low = 0;
  let high = 0;
  let timestamp = 0;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === VALUE) {
      low = reader.fixed32();
      high = reader.fixed32();
    } else if (tag === TIMESTAMP) timestamp = reader.int64();
    else reader.skip(tag);
  }
  reader.leave(outer);
  columns.pushWords(timestamp, low, high);
  return timestamp;
}

/** Counts the buckets of a body. Throws Fault 413 when there are too many. */
export class HistogramBudget {
  #left = MAX_BUCKETS_PER_BODY;

  take(buckets: number): void {
    this.#left -= buckets;
    if (this.#left < 0)
      throw new Fault(
        413,
        'too-many-buckets',
        `the native histograms of this body have more than ${MAX_BUCKETS_PER_BODY} buckets; send smaller batches (remote_write: queue_config.max_samples_per_send)`,
      );
  }
}

export function readHistogramOf(
  series: SeriesRef,
  reader: ProtoReader,
  columns: SampleColumns,
  rejections: Rejections,
  budget: HistogramBudget,
): void {
  const read = readHistogram(reader);
  if ('reason' in read) {
    rejections.add(read.reason, `histogram of ${describeSeries(series.labels)}: ${read.message}`);
    return;
  }
  const { timestamp, histogram } = read;
  if (histogram === undefined) {
    columns.pushStale(timestamp);
    return;
  }
  budget.take(histogram.positive.counts.length + histogram.negative.counts.length);
  columns.pushHistogram(timestamp, histogram);
}

export function pushExemplar(
  series: SeriesRef,
  { pairs, value, timestamp }: { pairs: readonly Label[]; value: number; timestamp: number },
  columns: SampleColumns,
  rejections: Rejections,
): void {
  const exemplar = exemplarOf(pairs, value, timestamp);
  if ('reason' in exemplar)
    rejections.add(exemplar.reason, `${exemplar.message}, at ${describeSeries(series.labels)}`);
  else columns.pushExemplar(exemplar);
}
