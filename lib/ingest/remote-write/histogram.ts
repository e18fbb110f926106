import type { BucketSpan, Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';
import {
  coarser,
  histogramProblem,
  MAX_BUCKETS,
  MAX_RESERVED_SCHEMA,
  MAX_SCHEMA,
  withoutEmptySpans,
} from '../native-histogram.ts';
import type { ProtoReader } from '../protobuf/reader.ts';

const COUNTER_RESETS = ['unknown', 'reset', 'not-reset', 'gauge'] as const;

/** A histogram of a body; `histogram` is absent when it marks staleness. */
export interface DecodedHistogram {
  readonly timestamp: number;
  readonly histogram?: NativeHistogram;
}

export interface HistogramProblem {
  readonly reason: 'bad-histogram' | 'too-many-buckets';
  readonly message: string;
}

/** One side as it stands in the message. */
class Side {
  readonly spans: BucketSpan[] = [];
  readonly counts: number[] = [];
  #last = 0;

  delta(delta: number): void {
    this.#last += delta;
    this.counts.push(this.#last);
  }

  buckets(): Buckets {
    return { spans: withoutEmptySpans(this.spans), counts: Float64Array.from(this.counts) };
  }

  /** What it takes, spans of nothing included. */
  get size(): number {
    return Math.max(this.counts.length, this.spans.length);
  }
}

/**
 * Reads `prometheus.Histogram` and `io.prometheus.write.v2.Histogram`, which are the same on the wire. Their start
 * timestamp is passed over, as Prometheus does unless it is told to write zeros there.
 */
export function readHistogram(reader: ProtoReader): DecodedHistogram | HistogramProblem {
  const outer = reader.enter();
  const positive = new Side();
  const negative = new Side();
  const customValues: number[] = [];
  let timestamp = 0;
  let schema = 0;
  let count = 0;
  let sum = 0;
  let zeroCount = 0;
  let zeroThreshold = 0;
  let hint = 0;
  let isFloat = false;
  let isStale = false;
  const isTooLarge = () => positive.size + negative.size > MAX_BUCKETS || customValues.length > MAX_BUCKETS;
  while (reader.more()) {
    if (isTooLarge()) reader.pos = reader.end;
    if (!reader.more()) break;
    const tag = reader.tag();
    switch (tag) {
      case 0x08:
        count = reader.uint64();
        break;
      case 0x11:
        count = reader.double();
        isFloat = true;
        break;
      case 0x19: {
        const low = reader.fixed32();
        const high = reader.fixed32();
        isStale = low === 2 && (high & 0x7ff7ffff) === 0x7ff00000;
        reader.pos -= 8;
        sum = reader.double();
        break;
      }
      case 0x20:
        schema = reader.sint64();
        break;
      case 0x29:
        zeroThreshold = reader.double();
        break;
      case 0x30:
        zeroCount = reader.uint64();
        break;
      case 0x39:
        zeroCount = reader.double();
        break;
      case 0x42:
        negative.spans.push(readSpan(reader));
        break;
      case 0x48:
        negative.delta(reader.sint64());
        break;
      case 0x4a:
        readPacked(reader, (from) => negative.delta(from.sint64()));
        break;
      case 0x51:
        negative.counts.push(reader.double());
        break;
      case 0x52:
        readPacked(reader, (from) => negative.counts.push(from.double()));
        break;
      case 0x5a:
        positive.spans.push(readSpan(reader));
        break;
      case 0x60:
        positive.delta(reader.sint64());
        break;
      case 0x62:
        readPacked(reader, (from) => positive.delta(from.sint64()));
        break;
      case 0x69:
        positive.counts.push(reader.double());
        break;
      case 0x6a:
        readPacked(reader, (from) => positive.counts.push(from.double()));
        break;
      case 0x70:
        hint = reader.uint32();
        break;
      case 0x78:
        timestamp = reader.int64();
        break;
      case 0x81:
        customValues.push(reader.double());
        break;
      case 0x82:
        readPacked(reader, (from) => customValues.push(from.double()));
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  if (isTooLarge())
    return {
      reason: 'too-many-buckets',
      message: `more than ${MAX_BUCKETS} buckets; lower its resolution at the source (native_histogram_bucket_limit)`,
    };
  if (isStale) return { timestamp };
  const histogram = atKnownSchema({
    schema,
    counterReset: COUNTER_RESETS[hint] ?? 'unknown',
    count,
    sum,
    zeroThreshold,
    zeroCount,
    positive: positive.buckets(),
    negative: negative.buckets(),
    customValues: Float64Array.from(customValues),
  });
  const problem = histogramProblem(histogram, isFloat);
  return problem === undefined ? { timestamp, histogram } : { reason: 'bad-histogram', message: problem };
}

/** Schemas set aside for later are finer than any that is known: they are read as the finest known one. */
function atKnownSchema(histogram: NativeHistogram): NativeHistogram {
  const { schema, positive, negative } = histogram;
  if (schema === CUSTOM_BUCKETS || !(schema > MAX_SCHEMA && schema <= MAX_RESERVED_SCHEMA)) return histogram;
  const sound = histogramProblem({ ...histogram, schema: MAX_SCHEMA }, true) === undefined;
  if (!sound) return { ...histogram, schema: MAX_SCHEMA };
  const by = schema - MAX_SCHEMA;
  return {
    ...histogram,
    schema: MAX_SCHEMA,
    positive: coarser(positive, by),
    negative: coarser(negative, by),
  };
}

function readSpan(reader: ProtoReader): BucketSpan {
  const outer = reader.enter();
  let offset = 0;
  let length = 0;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x08) offset = reader.sint64();
    else if (tag === 0x10) length = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { offset, length };
}

/** Stops soon after there are more than a histogram may have. */
function readPacked(reader: ProtoReader, read: (reader: ProtoReader) => void): void {
  const outer = reader.enter();
  for (let i = 0; i <= MAX_BUCKETS && reader.more(); i++) read(reader);
  reader.leave(outer);
}
