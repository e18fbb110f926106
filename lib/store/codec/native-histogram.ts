import {
  type BucketSpan,
  type Buckets,
  type NativeHistogram,
  NO_BUCKETS,
} from '#lib/model/native-histogram.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

const RESETS = ['unknown', 'reset', 'not-reset', 'gauge'] as const;
/** Bits of the first byte, above the two of the counter reset. */
const SAME_LAYOUT = 4;
const WHOLE = 8;

/** Whole numbers from here on do not fit the differences' zigzag. */
const MAX_WHOLE = 2 ** 50;

const isWhole = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) < MAX_WHOLE && !Object.is(value, -0);

const sameSpans = (a: readonly BucketSpan[], b: readonly BucketSpan[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((span, i) => span.offset === b[i]?.offset && span.length === b[i]?.length));

const sameNumbers = (a: Float64Array, b: Float64Array): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => Object.is(value, b[i])));

const sameLayout = (a: NativeHistogram, b: NativeHistogram): boolean =>
  a.schema === b.schema &&
  Object.is(a.zeroThreshold, b.zeroThreshold) &&
  a.positive.counts.length === b.positive.counts.length &&
  a.negative.counts.length === b.negative.counts.length &&
  sameSpans(a.positive.spans, b.positive.spans) &&
  sameSpans(a.negative.spans, b.negative.spans) &&
  sameNumbers(a.customValues, b.customValues);

const allWhole = (h: NativeHistogram): boolean =>
  isWhole(h.count) &&
  isWhole(h.zeroCount) &&
  h.positive.counts.every(isWhole) &&
  h.negative.counts.every(isWhole);

/**
 * One histogram, as the difference from the one before it in time where both have the same buckets.
 * @param previous what the reader will give as `previous` too
 */
export function writeHistogram(out: ByteWriter, h: NativeHistogram, previous?: NativeHistogram): void {
  const same = previous !== undefined && sameLayout(h, previous);
  const whole = allWhole(h) && (!same || allWhole(previous));
  out.byte(RESETS.indexOf(h.counterReset) + (same ? SAME_LAYOUT : 0) + (whole ? WHOLE : 0));
  if (!same) {
    out.zigzag(h.schema);
    out.float64(h.zeroThreshold);
    writeSpans(out, h.positive.spans);
    writeSpans(out, h.negative.spans);
    out.varint(h.customValues.length);
    for (const bound of h.customValues) out.float64(bound);
    out.varint(h.positive.counts.length);
    out.varint(h.negative.counts.length);
  }
  out.number(h.sum);
  if (!whole) {
    out.float64(h.count);
    out.float64(h.zeroCount);
    for (const value of h.positive.counts) out.float64(value);
    for (const value of h.negative.counts) out.float64(value);
    return;
  }
  const base = same ? previous : undefined;
  out.zigzag(h.count - (base?.count ?? 0));
  out.zigzag(h.zeroCount - (base?.zeroCount ?? 0));
  writeCounts(out, h.positive.counts, base?.positive.counts);
  writeCounts(out, h.negative.counts, base?.negative.counts);
}

function writeSpans(out: ByteWriter, spans: readonly BucketSpan[]): void {
  out.varint(spans.length);
  for (const { offset, length } of spans) {
    out.zigzag(offset);
    out.varint(length);
  }
}

function writeCounts(out: ByteWriter, counts: Float64Array, base: Float64Array | undefined): void {
  for (let i = 0; i < counts.length; i++) out.zigzag((counts[i] ?? 0) - (base?.[i] ?? 0));
}

/** Spans, bounds and other parts that are the same as in `previous` are shared with it. */
export function readHistogram(input: ByteReader, previous?: NativeHistogram): NativeHistogram {
  const head = input.byte();
  const counterReset = RESETS[head & 3] ?? 'unknown';
  const base = head & SAME_LAYOUT ? previous : undefined;
  if (head & SAME_LAYOUT && base === undefined)
    throw new RangeError(`first histogram is a difference at ${input.at}`);
  const layout = base ?? readLayout(input);
  const sum = input.number();
  const whole = (head & WHOLE) !== 0;
  const read = whole ? () => input.zigzag() : () => input.float64();
  const ground = whole ? base : undefined;
  const count = ground === undefined ? read() : read() + ground.count;
  const zeroCount = ground === undefined ? read() : read() + ground.zeroCount;
  const positive = readCounts(input, layout.positive, ground?.positive.counts, whole);
  const negative = readCounts(input, layout.negative, ground?.negative.counts, whole);
  const { schema, zeroThreshold, customValues } = layout;
  return { schema, counterReset, count, sum, zeroThreshold, zeroCount, positive, negative, customValues };
}

/** A histogram without observations: only what says where its buckets are. */
function readLayout(input: ByteReader): NativeHistogram {
  const schema = input.zigzag();
  const zeroThreshold = input.float64();
  const positive = readSpans(input);
  const negative = readSpans(input);
  const customValues = new Float64Array(input.count());
  for (let i = 0; i < customValues.length; i++) customValues[i] = input.float64();
  return {
    schema,
    counterReset: 'unknown',
    count: 0,
    sum: 0,
    zeroThreshold,
    zeroCount: 0,
    positive: { spans: positive, counts: new Float64Array(input.count()) },
    negative: { spans: negative, counts: new Float64Array(input.count()) },
    customValues,
  };
}

function readSpans(input: ByteReader): BucketSpan[] {
  return Array.from({ length: input.count() }, () => ({ offset: input.zigzag(), length: input.varint() }));
}

function readCounts(
  input: ByteReader,
  { spans, counts: { length } }: Buckets,
  base: Float64Array | undefined,
  whole: boolean,
): Buckets {
  if (length === 0 && spans.length === 0) return NO_BUCKETS;
  const counts = new Float64Array(length);
  if (whole) for (let i = 0; i < length; i++) counts[i] = input.zigzag() + (base?.[i] ?? 0);
  else for (let i = 0; i < length; i++) counts[i] = input.float64();
  return { spans, counts };
}

/** How many whole numbers or eights of bytes a histogram takes in memory, for limits and caches. */
export const histogramNumbers = (h: NativeHistogram): number =>
  4 + h.positive.counts.length + h.negative.counts.length;

/** The histograms of one series, in time order, with where they stand among its samples. */
export function writeHistograms(out: ByteWriter, row: readonly (NativeHistogram | undefined)[]): void {
  out.varint(row.reduce((n, h) => n + (h === undefined ? 0 : 1), 0));
  let previous: NativeHistogram | undefined;
  let gap = 0;
  for (const h of row) {
    if (h === undefined) {
      gap++;
      continue;
    }
    out.varint(gap);
    gap = 0;
    writeHistogram(out, h, previous);
    previous = h;
  }
}

/** @param count samples of the series, histograms or not */
export function readHistograms(input: ByteReader, count: number): (NativeHistogram | undefined)[] {
  const row: (NativeHistogram | undefined)[] = Array.from({ length: count });
  let previous: NativeHistogram | undefined;
  let at = -1;
  for (let n = input.count(); n > 0; n--) {
    at += input.varint() + 1;
    if (at >= count) throw new RangeError('a histogram stands behind the last sample');
    previous = readHistogram(input, previous);
    row[at] = previous;
  }
  return row;
}
