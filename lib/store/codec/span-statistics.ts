import { SPAN_KINDS } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS, type SpanBucket, type SpanSeries } from '#lib/model/span-stats.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { pack, unpack } from './json.ts';
import { readSketch, writeSketch } from './sketch.ts';

const VERSION = 1;

/** The series of one row. */
export function encodeSpanStatistics(series: readonly SpanSeries[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(4096);
  out.byte(VERSION);
  out.varint(series.length);
  for (const { service, operation, kind, peer, buckets } of series) {
    out.text(service);
    out.text(operation);
    out.byte(SPAN_KINDS.indexOf(kind));
    out.text(peer);
    out.varint(buckets.length);
    let previous = 0;
    for (const bucket of buckets) {
      const number = bucket.at / SPAN_BUCKET_MS;
      out.zigzag(number - previous);
      previous = number;
      out.varint(bucket.calls);
      out.varint(bucket.errors);
      writeSketch(out, bucket.durations);
    }
  }
  return pack(out.finish());
}

export function decodeSpanStatistics(data: Uint8Array): SpanSeries[] {
  const input = new ByteReader(unpack(data));
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`span statistics of version ${version}`);
  const list: SpanSeries[] = [];
  for (let n = input.count(); n > 0; n--) {
    const service = input.text();
    const operation = input.text();
    const kind = SPAN_KINDS[input.byte()] ?? 'unspecified';
    const peer = input.text();
    const buckets: SpanBucket[] = [];
    let number = 0;
    for (let b = input.count(); b > 0; b--) {
      number += input.zigzag();
      buckets.push({
        at: number * SPAN_BUCKET_MS,
        calls: input.varint(),
        errors: input.varint(),
        durations: readSketch(input),
      });
    }
    list.push({ service, operation, kind, peer, buckets });
  }
  return list;
}
