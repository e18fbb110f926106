import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { align, partsOf, withZeroBucket } from './align.ts';
import { isCustom } from './bucket-bounds.ts';
import type { Side } from './side.ts';
import { counterOf } from './side.ts';

/** Whether a counter histogram began anew between two samples: any of its counts fell, or its layout changed as it only can then. */
export function isReset(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (current.counterReset === 'reset') return true;
  if (current.counterReset === 'not-reset') return false;
  if (current.count < previous.count) return true;
  if (isCustom(current) !== isCustom(previous)) return true;
  const now = partsOf(current);
  let before = partsOf(previous);
  if (!isCustom(current)) {
    if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
    before = withZeroBucket(before, current.zeroThreshold);
    if (before.zeroThreshold !== current.zeroThreshold || current.zeroCount < before.zeroCount) return true;
  }
  const aligned = align(now, before);
  if (!aligned) return true;
  return fell(aligned.a.positive, aligned.b.positive) || fell(aligned.a.negative, aligned.b.negative);
}

function fell(current: Side, previous: Side): boolean {
  const countOf = counterOf(current);
  for (let i = 0; i < previous.indexes.length; i++)
    if (countOf(previous.indexes[i] ?? 0) < (previous.counts[i] ?? 0)) return true;
  return false;
}
