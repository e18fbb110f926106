import type { RollupColumns } from '../codec/rollup.ts';
import type { SelectOptions } from '../store.ts';
import type { Columns } from './columns.ts';

type Hint = NonNullable<SelectOptions['hint']>;

/** How far an instant selector looks back. */
const LOOKBACK_MS = 300_000;
/** Samples that stand in for one bucket at most. */
const MAX_PER_BUCKET = 1000;

const COUNTER = new Set(['rate', 'increase', 'irate']);

/** Value that stands for a bucket at a part (0 … 1) of the time since the bucket before. */
type Value = (i: number, part: number) => number;

/**
 * Samples from which a function finds what it would have found in the raw ones, as nearly as buckets can tell.
 * Where its window is shorter than two buckets, several samples stand in for each of them.
 * @param resolutionOf ms, of each bucket
 */
export function rollupSamples(
  columns: RollupColumns,
  resolutionOf: (i: number) => number,
  hint: Hint | undefined,
): Columns {
  const window = hint !== undefined && hint.rangeMs > 0 ? hint.rangeMs : LOOKBACK_MS;
  const each = (i: number): number =>
    Math.min(MAX_PER_BUCKET, Math.max(1, Math.ceil((2 * resolutionOf(i)) / window)));
  const { count, sum, min, max, last } = columns;
  const from =
    (column: Float64Array): Value =>
    (i) =>
      column[i] as number;
  const samples = (samplesOf: (i: number) => number, value: Value): Columns =>
    spread(columns, resolutionOf, samplesOf, value);
  const func = hint?.func ?? '';
  if (COUNTER.has(func)) return samples(each, counterValues(columns));
  switch (func) {
    case 'min_over_time':
      return samples(each, from(min));
    case 'max_over_time':
      return samples(each, from(max));
    case 'avg_over_time':
      return samples(each, (i) => (sum[i] as number) / (count[i] as number));
    case 'sum_over_time':
      return samples(each, (i) => (sum[i] as number) / each(i));
    case 'count_over_time':
      return samples((i) => Math.min(MAX_PER_BUCKET, count[i] as number), from(last));
    default:
      return samples(each, from(last));
  }
}

/**
 * A counter that never falls and ends at the value that the series ended with, so that it goes on where raw samples
 * follow; a straight line within each bucket.
 */
function counterValues({ last, increase }: RollupColumns): Value {
  const risen = Float64Array.from(increase, (value) => (Number.isFinite(value) ? value : 0));
  const ends = new Float64Array(last.length);
  let value = last.at(-1) ?? 0;
  for (let i = last.length - 1; i >= 0; i--) {
    ends[i] = value;
    value -= risen[i] as number;
  }
  return (i, part) => (ends[i] as number) - (risen[i] as number) * (1 - part);
}

function spread(
  { timestamps }: RollupColumns,
  resolutionOf: (i: number) => number,
  samplesOf: (i: number) => number,
  value: Value,
): Columns {
  const times: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < timestamps.length; i++) {
    const end = timestamps[i] as number;
    const since = Math.max(timestamps[i - 1] ?? Number.NEGATIVE_INFINITY, end - resolutionOf(i));
    const n = samplesOf(i);
    for (let k = 1; k <= n; k++) {
      const at = k === n ? end : Math.round(since + ((end - since) * k) / n);
      // Many samples in few milliseconds.
      if (at <= (times.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
      times.push(at);
      values.push(value(i, k / n));
    }
  }
  return { timestamps: Float64Array.from(times), values: Float64Array.from(values) };
}
