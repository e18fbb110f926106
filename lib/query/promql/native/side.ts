import type { BucketSpan, Buckets } from '#lib/model/native-histogram.ts';
import { NO_BUCKETS } from '#lib/model/native-histogram.ts';

/** One side of a histogram as pairs: bucket indexes, ascending, and the count of each. Neither is ever written to. */
export interface Side {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

export const NO_SIDE: Side = { indexes: new Int32Array(0), counts: NO_BUCKETS.counts };

/** Histograms of one series mostly share their spans, and then their indexes too. */
const KNOWN = new WeakMap<readonly BucketSpan[], Int32Array>();

function indexesOf(spans: readonly BucketSpan[], count: number): Int32Array {
  const known = KNOWN.get(spans);
  if (known?.length === count) return known;
  const indexes = new Int32Array(count);
  let index = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length && at < count; i++) indexes[at++] = index++;
  }
  KNOWN.set(spans, indexes);
  return indexes;
}

export function sideOf({ spans, counts }: Buckets): Side {
  return counts.length === 0 ? NO_SIDE : { indexes: indexesOf(spans, counts.length), counts };
}

export function bucketsOf({ indexes, counts }: Side): Buckets {
  if (indexes.length === 0) return NO_BUCKETS;
  const spans: { offset: number; length: number }[] = [];
  let end = 0;
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last && index === end) last.length++;
    else spans.push({ offset: index - end, length: 1 });
    end = index + 1;
  }
  KNOWN.set(spans, indexes);
  return { spans, counts };
}

/** Without the empty buckets. */
export function compacted(side: Side): Side {
  let filled = 0;
  for (const count of side.counts) if (count !== 0) filled++;
  if (filled === side.counts.length) return side;
  if (filled === 0) return NO_SIDE;
  const indexes = new Int32Array(filled);
  const counts = new Float64Array(filled);
  let next = 0;
  for (let i = 0; i < side.counts.length; i++) {
    const count = side.counts[i] ?? 0;
    if (count === 0) continue;
    indexes[next] = side.indexes[i] ?? 0;
    counts[next++] = count;
  }
  return { indexes, counts };
}

/** Buckets moved to other indexes, in the same order; those that meet are added up. */
export function regrouped(side: Side, indexOf: (index: number) => number): Side {
  const indexes = new Int32Array(side.indexes.length);
  const counts = new Float64Array(side.indexes.length);
  let used = 0;
  for (let i = 0; i < side.indexes.length; i++) {
    const index = indexOf(side.indexes[i] ?? 0);
    if (used > 0 && indexes[used - 1] === index)
      counts[used - 1] = (counts[used - 1] ?? 0) + (side.counts[i] ?? 0);
    else {
      indexes[used] = index;
      counts[used++] = side.counts[i] ?? 0;
    }
  }
  return { indexes: indexes.slice(0, used), counts: counts.slice(0, used) };
}

/** Buckets of a lower resolution; both schemas are exponential. */
export function coarser(side: Side, from: number, to: number): Side {
  return from === to ? side : regrouped(side, (index) => ((index - 1) >> (from - to)) + 1);
}

export function sameIndexes(a: Side, b: Side): boolean {
  if (a.indexes === b.indexes) return true;
  if (a.indexes.length !== b.indexes.length) return false;
  for (let i = 0; i < a.indexes.length; i++) if (a.indexes[i] !== b.indexes[i]) return false;
  return true;
}

/** `side` over the union of both sides' buckets: those it lacks are empty. */
export function widened(side: Side, other: Side): Side {
  if (sameIndexes(side, other)) return side;
  const indexes = unionOf(side.indexes, other.indexes);
  if (indexes.length === side.indexes.length) return side;
  const counts = new Float64Array(indexes.length);
  let next = 0;
  for (let i = 0; i < indexes.length && next < side.indexes.length; i++) {
    if (indexes[i] === side.indexes[next]) counts[i] = side.counts[next++] ?? 0;
  }
  return { indexes, counts };
}

function unionOf(a: Int32Array, b: Int32Array): Int32Array {
  const union = new Int32Array(a.length + b.length);
  let used = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i] ?? Number.POSITIVE_INFINITY;
    const y = b[j] ?? Number.POSITIVE_INFINITY;
    union[used++] = Math.min(x, y);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return union.slice(0, used);
}

/** Count of a bucket, walking forward: ask for ascending indexes. */
export function counterOf({ indexes, counts }: Side): (index: number) => number {
  let at = 0;
  return (index) => {
    while (at < indexes.length && (indexes[at] ?? 0) < index) at++;
    return indexes[at] === index ? (counts[at] ?? 0) : 0;
  };
}
