import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { NO_BUCKETS } from '#lib/model/native-histogram.ts';
import type { Parts } from './align.ts';
import { align, partsOf, sameNumbers } from './align.ts';
import { isCustom } from './bucket-bounds.ts';
import type { Side } from './side.ts';
import { bucketsOf, compacted, sameIndexes, sideOf, widened } from './side.ts';

type CounterReset = NativeHistogram['counterReset'];

export interface Combined {
  readonly histogram: NativeHistogram;
  /** Custom bounds differed and were reduced to those they share. */
  readonly reconciled: boolean;
  /** One claimed a counter reset, the other none. */
  readonly collision: boolean;
}

/** `a + sign · b`, without empty buckets; undefined when one has custom buckets and the other has not. */
export function combined(a: NativeHistogram, b: NativeHistogram, sign: 1 | -1): Combined | undefined {
  const aligned = align(partsOf(a), partsOf(b));
  if (!aligned) return undefined;
  const { a: left, b: right, reconciled } = aligned;
  const histogram: NativeHistogram = {
    schema: left.schema,
    customValues: left.customValues,
    counterReset: sign > 0 ? joinedHint(a.counterReset, b.counterReset) : 'gauge',
    count: a.count + sign * b.count,
    sum: a.sum + sign * b.sum,
    zeroThreshold: left.zeroThreshold,
    zeroCount: left.zeroCount + sign * right.zeroCount,
    positive: bucketsOf(added(left.positive, right.positive, sign)),
    negative: bucketsOf(added(left.negative, right.negative, sign)),
  };
  return { histogram, reconciled, collision: collides(a.counterReset, b.counterReset) };
}

function added(a: Side, b: Side, sign: 1 | -1): Side {
  const left = widened(a, b);
  const right = widened(b, left);
  const counts = new Float64Array(left.counts.length);
  for (let i = 0; i < counts.length; i++) counts[i] = (left.counts[i] ?? 0) + sign * (right.counts[i] ?? 0);
  return compacted({ indexes: left.indexes, counts });
}

export function collides(a: CounterReset, b: CounterReset): boolean {
  return (a === 'reset' && b === 'not-reset') || (a === 'not-reset' && b === 'reset');
}

/** What a sum of two histograms is: a gauge if either is, else what both are. */
export function joinedHint(a: CounterReset, b: CounterReset): CounterReset {
  if (a === b) return a;
  return a === 'gauge' || b === 'gauge' ? 'gauge' : 'unknown';
}

export function scaled(histogram: NativeHistogram, factor: number): NativeHistogram {
  return changed(histogram, (value) => value * factor, factor < 0);
}

/** Divided by zero a histogram loses its buckets. */
export function divided(histogram: NativeHistogram, divisor: number): NativeHistogram {
  const quotient = changed(histogram, (value) => value / divisor, divisor < 0);
  return divisor === 0 ? { ...quotient, positive: NO_BUCKETS, negative: NO_BUCKETS } : quotient;
}

function changed(
  histogram: NativeHistogram,
  change: (value: number) => number,
  gauge: boolean,
): NativeHistogram {
  const { positive, negative } = histogram;
  return {
    ...histogram,
    counterReset: gauge ? 'gauge' : histogram.counterReset,
    count: change(histogram.count),
    sum: change(histogram.sum),
    zeroCount: change(histogram.zeroCount),
    positive: { spans: positive.spans, counts: positive.counts.map(change) },
    negative: { spans: negative.spans, counts: negative.counts.map(change) },
  };
}

export function asGauge(histogram: NativeHistogram): NativeHistogram {
  return { ...histogram, counterReset: 'gauge' };
}

export function compact(histogram: NativeHistogram): NativeHistogram {
  const positive = sideOf(histogram.positive);
  const negative = sideOf(histogram.negative);
  const [fewer, less] = [compacted(positive), compacted(negative)];
  if (fewer === positive && less === negative) return histogram;
  return { ...histogram, positive: bucketsOf(fewer), negative: bucketsOf(less) };
}

/** The same data: layout, counts and sums bit by bit; counter reset hints do not matter. */
export function equal(a: NativeHistogram, b: NativeHistogram): boolean {
  if (a === b) return true;
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    a.zeroThreshold === b.zeroThreshold &&
    Object.is(a.zeroCount, b.zeroCount) &&
    (!isCustom(a) || sameNumbers(a.customValues, b.customValues)) &&
    sameSide(a.positive, b.positive) &&
    sameSide(a.negative, b.negative)
  );
}

function sameSide(a: NativeHistogram['positive'], b: NativeHistogram['positive']): boolean {
  return sameIndexes(sideOf(a), sideOf(b)) && sameNumbers(a.counts, b.counts);
}

/** No observations, in the layout of another histogram's buckets. */
export function emptyLike({ schema, customValues }: Pick<Parts, 'schema' | 'customValues'>): NativeHistogram {
  return {
    schema,
    customValues,
    counterReset: 'unknown',
    count: 0,
    sum: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
  };
}
