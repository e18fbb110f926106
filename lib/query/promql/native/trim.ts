import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { isCustom, upperBound } from './bucket-bounds.ts';
import type { Side } from './side.ts';
import { bucketsOf, compacted, sideOf } from './side.ts';
import { shareBelow } from './statistics.ts';

const INFINITY = Number.POSITIVE_INFINITY;

interface Kept {
  readonly count: number;
  /** Where the observations that stay are taken to be. */
  readonly middle: number;
}

/**
 * `</` and `>/`: without the observations above or below a threshold. A bucket around it keeps the share that
 * interpolation finds; count and sum are then those of what is left, the sum an estimate.
 */
export function trimmed(
  histogram: NativeHistogram,
  threshold: number,
  end: 'upper' | 'lower',
): NativeHistogram {
  const custom = isCustom(histogram);
  let changed = false;
  let total = 0;
  let sum = 0;
  const take = (before: number, { count, middle }: Kept): number => {
    if (count !== before) changed = true;
    total += count;
    if (count !== 0) sum += count * middle;
    return count;
  };
  const sideKept = (side: Side, sign: 1 | -1): Side => {
    const counts = side.counts.slice();
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] ?? 0;
      if (count === 0) continue;
      const index = side.indexes[i] ?? 0;
      const near = upperBound(histogram, index - 1);
      const far = upperBound(histogram, index);
      const [lower, upper] = sign > 0 ? [near, far] : [-far, -near];
      counts[i] = take(count, kept(count, lower, upper, threshold, end, custom ? 'custom' : 'exponential'));
    }
    return compacted({ indexes: side.indexes, counts });
  };
  const positive = sideKept(sideOf(histogram.positive), 1);
  const negative = sideKept(sideOf(histogram.negative), -1);
  let { zeroCount } = histogram;
  if (zeroCount > 0) {
    const [hasPositive, hasNegative] = [
      histogram.positive.counts.length > 0,
      histogram.negative.counts.length > 0,
    ];
    const lower = hasPositive && !hasNegative ? 0 : -histogram.zeroThreshold;
    const upper = hasNegative && !hasPositive ? 0 : histogram.zeroThreshold;
    zeroCount = take(zeroCount, kept(zeroCount, lower, upper, threshold, end, 'zero'));
  }
  if (!changed) return histogram;
  return {
    ...histogram,
    count: total,
    sum,
    zeroCount,
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
  };
}

type Kind = 'custom' | 'exponential' | 'zero';

const NONE: Kept = { count: 0, middle: 0 };

function kept(
  count: number,
  lower: number,
  upper: number,
  at: number,
  end: 'upper' | 'lower',
  kind: Kind,
): Kept {
  if (Number.isNaN(at)) return NONE;
  const below = end === 'upper';
  const whole: Kept = { count, middle: middle(lower, upper, kind) };
  if (upper <= at) return below ? whole : NONE;
  if (lower >= at) return below ? NONE : whole;
  if (upper === INFINITY) return NONE;
  if (lower === -INFINITY) {
    // As for quantiles the lowest custom bucket begins at zero if it can; else where its observations lie is unknown.
    if (upper <= 0) return below ? { count, middle: at } : NONE;
    if (at < 0 || (below && at === 0)) return NONE;
  }
  const start = lower === -INFINITY ? 0 : lower;
  const share = shareBelow(at, start, upper, kind !== 'exponential');
  return below
    ? { count: count * share, middle: middle(start, at, kind) }
    : { count: count * (1 - share), middle: middle(at, upper, kind) };
}

function middle(lower: number, upper: number, kind: Kind): number {
  if (kind === 'exponential') return Math.sign(upper + lower) * Math.sqrt(Math.abs(lower * upper));
  if (lower === -INFINITY) return upper === INFINITY ? 0 : upper > 0 ? upper / 2 : upper;
  return upper === INFINITY ? lower : (lower + upper) / 2;
}
