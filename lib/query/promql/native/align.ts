import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { exponentialBound, isCustom } from './bucket-bounds.ts';
import type { Side } from './side.ts';
import { coarser, compacted, regrouped, sideOf } from './side.ts';

/** A histogram taken apart, ready to be brought to another layout. */
export interface Parts {
  readonly schema: number;
  readonly customValues: Float64Array;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: Side;
  readonly negative: Side;
}

export interface Aligned {
  readonly a: Parts;
  readonly b: Parts;
  /** Custom bounds differed: both now have those they share. */
  readonly reconciled: boolean;
}

export function partsOf(histogram: NativeHistogram): Parts {
  const { schema, customValues, zeroThreshold, zeroCount } = histogram;
  return {
    schema,
    customValues,
    zeroThreshold,
    zeroCount,
    positive: sideOf(histogram.positive),
    negative: sideOf(histogram.negative),
  };
}

/** Both in one layout: the lower resolution, the wider zero bucket, the bounds they share. Undefined for custom with exponential. */
export function align(a: Parts, b: Parts): Aligned | undefined {
  if (isCustom(a) !== isCustom(b)) return undefined;
  if (isCustom(a)) {
    if (sameNumbers(a.customValues, b.customValues)) return { a, b, reconciled: false };
    const shared = a.customValues.filter((bound) => b.customValues.includes(bound));
    return { a: withBounds(a, shared), b: withBounds(b, shared), reconciled: true };
  }
  let [left, right] = [a, b];
  while (left.zeroThreshold !== right.zeroThreshold) {
    if (left.zeroThreshold > right.zeroThreshold) right = withZeroBucket(right, left.zeroThreshold);
    else left = withZeroBucket(left, right.zeroThreshold);
  }
  const schema = Math.min(left.schema, right.schema);
  return { a: withSchema(left, schema), b: withSchema(right, schema), reconciled: false };
}

export function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function withSchema(parts: Parts, schema: number): Parts {
  if (parts.schema === schema) return parts;
  return {
    ...parts,
    schema,
    positive: coarser(parts.positive, parts.schema, schema),
    negative: coarser(parts.negative, parts.schema, schema),
  };
}

/** Custom buckets over fewer bounds: each goes to the bucket of the next bound that is left. */
function withBounds(parts: Parts, bounds: Float64Array): Parts {
  const target = (index: number): number => {
    const bound = parts.customValues[index];
    if (bound === undefined) return bounds.length;
    let next = 0;
    while (next < bounds.length && (bounds[next] ?? 0) < bound) next++;
    return next;
  };
  return { ...parts, customValues: bounds, positive: regrouped(parts.positive, target) };
}

/** A zero bucket at least as wide as asked; it grows on to the end of a filled bucket that it would cut. */
export function withZeroBucket(parts: Parts, threshold: number): Parts {
  if (threshold <= parts.zeroThreshold) return parts;
  let wide = threshold;
  for (let before = -1; before !== wide; ) {
    before = wide;
    for (const { indexes, counts } of [parts.positive, parts.negative])
      for (let i = 0; i < indexes.length; i++) {
        const index = indexes[i] ?? 0;
        if (exponentialBound(index - 1, parts.schema) >= wide) break;
        if (counts[i] !== 0) wide = Math.max(wide, exponentialBound(index, parts.schema));
      }
  }
  let zeroCount = parts.zeroCount;
  const outside = (side: Side): Side => {
    const counts = side.counts.slice();
    for (let i = 0; i < counts.length; i++) {
      if (exponentialBound((side.indexes[i] ?? 0) - 1, parts.schema) >= wide) break;
      zeroCount += counts[i] ?? 0;
      counts[i] = 0;
    }
    return compacted({ indexes: side.indexes, counts });
  };
  const positive = outside(parts.positive);
  const negative = outside(parts.negative);
  return { ...parts, zeroThreshold: wide, zeroCount, positive, negative };
}
