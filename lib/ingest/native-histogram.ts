import type { BucketSpan, Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS, NO_BUCKETS } from '#lib/model/native-histogram.ts';

/** Buckets of one histogram, both sides together. Instrumentation stays at 160 unless it is told otherwise. */
export const MAX_BUCKETS = 10_000;
export const MIN_SCHEMA = -4;
export const MAX_SCHEMA = 8;
/** Schemas that are set aside for later; above MAX_SCHEMA they are read at a lower resolution. */
export const MAX_RESERVED_SCHEMA = 52;
/** No bucket of a float lies beyond it, whatever the schema. */
const MAX_INDEX = 2 ** 30;

/**
 * Why it is no histogram, by the rules of Prometheus (`Validate` of model/histogram); undefined when it is one.
 * @param isFloat its counts need not add up exactly
 */
export function histogramProblem(histogram: NativeHistogram, isFloat: boolean): string | undefined {
  const { schema, positive, negative, count, sum, zeroCount } = histogram;
  const isCustom = schema === CUSTOM_BUCKETS;
  if (!isCustom && !(schema >= MIN_SCHEMA && schema <= MAX_SCHEMA))
    return `schema ${schema} is neither ${MIN_SCHEMA} to ${MAX_SCHEMA} nor ${CUSTOM_BUCKETS}`;
  const problem = isCustom ? customProblem(histogram) : exponentialProblem(histogram);
  if (problem !== undefined) return problem;
  const inPositive = total(positive.counts);
  const inNegative = total(negative.counts);
  if (Number.isNaN(inPositive) || Number.isNaN(inNegative)) return 'the count of a bucket is negative';
  if (count < 0 || zeroCount < 0) return 'its count is negative';
  if (isFloat) return undefined;
  const inBuckets = inPositive + inNegative + zeroCount;
  // Observations of NaN are counted but stand in no bucket.
  if (Number.isNaN(sum) ? inBuckets > count : inBuckets !== count)
    return `its buckets hold ${inBuckets} observations, its count says ${count}`;
  return undefined;
}

function exponentialProblem({ positive, negative, customValues }: NativeHistogram): string | undefined {
  if (customValues.length > 0) return 'an exponential schema has no custom bounds';
  return spansProblem('positive', positive) ?? spansProblem('negative', negative);
}

function customProblem(histogram: NativeHistogram): string | undefined {
  const { positive, negative, customValues, zeroCount, zeroThreshold } = histogram;
  let before = Number.NEGATIVE_INFINITY;
  for (const bound of customValues) {
    if (!(bound > before)) return 'its custom bounds do not ascend';
    before = bound;
  }
  if (before === Number.POSITIVE_INFINITY) return 'its custom bounds must be finite';
  if (zeroCount !== 0 || zeroThreshold !== 0) return 'custom buckets have no zero bucket';
  if (negative.spans.length > 0 || negative.counts.length > 0) return 'custom buckets have no negative side';
  if ((positive.spans[0]?.offset ?? 0) < 0) return 'a span of custom buckets begins before the first bucket';
  const problem = spansProblem('positive', positive);
  if (problem !== undefined) return problem;
  const reach = positive.spans.reduce((sum, { offset, length }) => sum + offset + length, 0);
  if (reach > customValues.length + 1)
    return `its spans reach bucket ${reach}, its ${customValues.length} custom bounds make ${customValues.length + 1}`;
  return undefined;
}

function spansProblem(side: string, { spans, counts }: Buckets): string | undefined {
  let buckets = 0;
  let index = 0;
  for (const [i, { offset, length }] of spans.entries()) {
    if (i > 0 && offset < 0) return `${side} span ${i + 1} has the offset ${offset}`;
    buckets += length;
    index += offset + length;
    if (Math.abs(index) > MAX_INDEX) return `${side} span ${i + 1} lies beyond any bucket`;
  }
  if (buckets !== counts.length)
    return `its ${side} spans name ${buckets} buckets, ${counts.length} counts came`;
  return undefined;
}

/** NaN when one of them is negative. */
function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) {
    if (count < 0) return Number.NaN;
    // A NaN among float counts is passed over here: Prometheus takes it.
    if (count > 0) sum += count;
  }
  return sum;
}

/** Runs of neighbours made of ascending bucket indexes. */
export function bucketsAt(indexes: readonly number[], counts: readonly number[]): Buckets {
  if (indexes.length === 0) return NO_BUCKETS;
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  return { spans, counts: Float64Array.from(counts) };
}

/** The same buckets `by` schemas coarser: 2^by neighbours become one. */
export function coarser({ spans, counts }: Buckets, by: number): Buckets {
  const indexes: number[] = [];
  const sums: number[] = [];
  const factor = 2 ** by;
  let index = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++, index++, at++) {
      const target = Math.floor((index - 1) / factor) + 1;
      if (indexes.at(-1) === target) sums[sums.length - 1] = (sums.at(-1) ?? 0) + (counts[at] ?? 0);
      else {
        indexes.push(target);
        sums.push(counts[at] ?? 0);
      }
    }
  }
  return bucketsAt(indexes, sums);
}

/** Spans without buckets give their offset to the next one; what is left is as Prometheus would store it. */
export function withoutEmptySpans(spans: readonly BucketSpan[]): readonly BucketSpan[] {
  if (spans.every(({ length }) => length > 0)) return spans;
  const kept: BucketSpan[] = [];
  let carried = 0;
  for (const { offset, length } of spans) {
    carried += offset;
    if (length === 0) continue;
    kept.push({ offset: carried, length });
    carried = 0;
  }
  return kept;
}
