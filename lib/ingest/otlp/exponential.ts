import type { Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { bucketsAt, histogramProblem, MAX_BUCKETS, MAX_SCHEMA, MIN_SCHEMA } from '../native-histogram.ts';
import type { DenseBuckets, ExponentialParts } from './metric-parts.ts';

/** Width of the zero bucket where a point tells none, as Prometheus' OTLP endpoint has it: only zeros are in it. */
const ZERO_THRESHOLD = 1e-128;
/** OpenTelemetry's scales end at 20; this is where Prometheus' schemas would. */
const MAX_SCALE = 52;
const MAX_OFFSET = 2 ** 30;
/** A side that has been added up is made coarser beyond it, as SDKs do: a cumulative sender would have sent the same. */
const MAX_MERGED = 160;
/** Empty buckets that stay in the middle of a run: a new run costs more. */
const SMALL_GAP = 2;

export interface PointProblem {
  readonly reason: 'bad-histogram' | 'too-many-buckets';
  readonly message: string;
}

const bad = (message: string): PointProblem => ({ reason: 'bad-histogram', message });

/** Why these are no exponential buckets; undefined when they are. */
export function exponentialProblem({
  scale,
  positive,
  negative,
}: ExponentialParts): PointProblem | undefined {
  if (!Number.isInteger(scale) || scale < MIN_SCHEMA || scale > MAX_SCALE)
    return bad(`scale ${scale} is not between ${MIN_SCHEMA} and ${MAX_SCALE}`);
  if (positive.counts.length + negative.counts.length > MAX_BUCKETS)
    return {
      reason: 'too-many-buckets',
      message: `${positive.counts.length + negative.counts.length} buckets, at most ${MAX_BUCKETS} are taken; lower the histogram's maximum size at the source`,
    };
  for (const { offset, counts } of [positive, negative]) {
    if (!Number.isInteger(offset) || Math.abs(offset) > MAX_OFFSET)
      return bad(`bucket offset ${offset} lies beyond any bucket`);
    if (!counts.every((count) => count >= 0))
      return bad('the count of a bucket is no number of observations');
  }
  return undefined;
}

/** The Prometheus native histogram of a sound point; finer scales than Prometheus has are read coarser. */
export function nativeOf(
  parts: ExponentialParts,
  count: number,
  sum: number | undefined,
): NativeHistogram | PointProblem {
  const by = Math.max(0, parts.scale - MAX_SCHEMA);
  const histogram: NativeHistogram = {
    schema: parts.scale - by,
    // What the sender calls a reset need not be one to Prometheus: it is found out when it is asked for.
    counterReset: 'unknown',
    count,
    sum: sum ?? 0,
    zeroThreshold: parts.zeroThreshold > 0 ? parts.zeroThreshold : ZERO_THRESHOLD,
    zeroCount: parts.zeroCount,
    positive: sparse(coarserBy(parts.positive, by)),
    negative: sparse(coarserBy(parts.negative, by)),
    customValues: new Float64Array(0),
  };
  const problem = histogramProblem(histogram, false);
  return problem === undefined ? histogram : bad(problem);
}

/** OpenTelemetry numbers a bucket by its lower bound, Prometheus by its upper one. */
function sparse({ offset, counts }: DenseBuckets): Buckets {
  const indexes: number[] = [];
  const kept: number[] = [];
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const index = offset + i + 1;
    const next = (indexes.at(-1) ?? index) + 1;
    if (index - next <= SMALL_GAP)
      for (let empty = next; empty < index; empty++) {
        indexes.push(empty);
        kept.push(0);
      }
    indexes.push(index);
    kept.push(count);
  }
  return bucketsAt(indexes, kept);
}

/** 2^by neighbours become one. */
function coarserBy({ offset, counts }: DenseBuckets, by: number): DenseBuckets {
  if (by === 0 || counts.length === 0) return { offset, counts };
  const factor = 2 ** by;
  const first = Math.floor(offset / factor);
  const merged = new Array<number>(Math.floor((offset + counts.length - 1) / factor) - first + 1).fill(0);
  for (const [i, count] of counts.entries()) {
    const at = Math.floor((offset + i) / factor) - first;
    merged[at] = (merged[at] ?? 0) + count;
  }
  return { offset: first, counts: merged };
}

/** Both together, at the scale of the coarser one or below; undefined when no scale holds them. */
export function addExponential(a: ExponentialParts, b: ExponentialParts): ExponentialParts | undefined {
  let scale = Math.min(a.scale, b.scale, MAX_SCHEMA);
  const tooLong = (side: 'positive' | 'negative'): boolean => mergedLength(a, b, side, scale) > MAX_MERGED;
  while (tooLong('positive') || tooLong('negative')) if (--scale < MIN_SCHEMA) return undefined;
  const side = (name: 'positive' | 'negative'): DenseBuckets =>
    addDense(coarserBy(a[name], a.scale - scale), coarserBy(b[name], b.scale - scale));
  const zeroThreshold = Math.max(a.zeroThreshold, b.zeroThreshold);
  const merged: ExponentialParts = {
    scale,
    zeroThreshold,
    zeroCount: a.zeroCount + b.zeroCount,
    positive: side('positive'),
    negative: side('negative'),
  };
  return a.zeroThreshold === b.zeroThreshold ? merged : widerZero(merged);
}

function mergedLength(
  a: ExponentialParts,
  b: ExponentialParts,
  side: 'positive' | 'negative',
  scale: number,
): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const parts of [a, b]) {
    const { offset, counts } = parts[side];
    if (counts.length === 0) continue;
    const factor = 2 ** (parts.scale - scale);
    first = Math.min(first, Math.floor(offset / factor));
    last = Math.max(last, Math.floor((offset + counts.length - 1) / factor));
  }
  return last - first + 1;
}

function addDense(a: DenseBuckets, b: DenseBuckets): DenseBuckets {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = new Array<number>(end - offset).fill(0);
  for (const one of [a, b])
    for (const [i, count] of one.counts.entries())
      counts[one.offset - offset + i] = (counts[one.offset - offset + i] ?? 0) + count;
  return { offset, counts };
}

/** Buckets that lie within the zero bucket belong to it. */
function widerZero(parts: ExponentialParts): ExponentialParts {
  const last = Math.floor(Math.log2(parts.zeroThreshold) * 2 ** parts.scale) - 1;
  let { zeroCount } = parts;
  const above = ({ offset, counts }: DenseBuckets): DenseBuckets => {
    const covered = Math.min(counts.length, Math.max(0, last - offset + 1));
    for (const count of counts.slice(0, covered)) zeroCount += count;
    return { offset: offset + covered, counts: counts.slice(covered) };
  };
  const positive = above(parts.positive);
  const negative = above(parts.negative);
  return { ...parts, positive, negative, zeroCount };
}
