import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { type Column, ColumnSetReader, encodeColumns } from './column-set.ts';
import type { BlockSeries } from './metric-block.ts';
import { SealedParts, seal } from './sealed.ts';

/** One series in buckets of time, each a multiple of the resolution; buckets without samples are left out. */
export interface RollupColumns {
  /** Place in the group, 0 … 63. */
  readonly index: number;
  /** Of the last sample in each bucket. */
  readonly timestamps: Float64Array;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
  /**
   * From the last sample before the bucket to the last one in it, as if a counter had gone on where it fell.
   * A series that falls often is no counter: there it is the plain difference.
   */
  readonly increase: Float64Array;
}

/** A series that falls more often than at every such sample is no counter. */
const SAMPLES_PER_FALL = 8;

/** Kept from call to call; `increase` holds what was lost where the series fell. */
let scratch = newScratch(1024);

function newScratch(size: number) {
  const column = () => new Float64Array(size);
  return {
    timestamps: column(),
    count: column(),
    sum: column(),
    min: column(),
    max: column(),
    last: column(),
    increase: column(),
  };
}

/**
 * Staleness markers and native histograms are left out; a NaN counts, but is the least or greatest only of NaNs.
 * @param previousLast value of the last sample before these; without it the first sample brings no increase
 */
export function rollUp(series: BlockSeries, resolutionMs: number, previousLast?: number): RollupColumns {
  const { index, timestamps, values, histograms } = series;
  if (values.length > scratch.count.length) scratch = newScratch(2 * values.length);
  const out = scratch;
  const words = wordsOf(values);
  const isNone = (i: number): boolean => isStale(words, i) || histograms?.[i] !== undefined;
  let buckets = 0;
  let samples = 0;
  let falls = 0;
  let first = 0;
  // No number is less than NaN: the first sample does not fall.
  let before = previousLast ?? Number.NaN;
  for (let i = 0; i < values.length; ) {
    const bucketEnd = (Math.floor((timestamps[i] as number) / resolutionMs) + 1) * resolutionMs;
    let [count, sum, lost] = [0, 0, 0];
    let min = Number.NaN;
    let max = Number.NaN;
    let end = 0;
    for (; i < values.length; i++) {
      const at = timestamps[i] as number;
      if (at >= bucketEnd) break;
      const value = values[i] as number;
      if (Number.isNaN(value)) {
        if (isNone(i)) continue;
      } else {
        if (!(value >= min)) min = value;
        if (!(value <= max)) max = value;
        if (value < before) {
          falls++;
          lost += before;
        }
      }
      if (samples + count === 0) first = value;
      count++;
      sum += value;
      before = value;
      end = at;
    }
    if (count === 0) continue;
    samples += count;
    out.timestamps[buckets] = end;
    out.count[buckets] = count;
    out.sum[buckets] = sum;
    out.min[buckets] = min;
    out.max[buckets] = max;
    out.last[buckets] = before;
    out.increase[buckets] = lost;
    buckets++;
  }
  const isCounter = falls <= samples / SAMPLES_PER_FALL;
  let start = previousLast ?? first;
  for (let b = 0; b < buckets; b++) {
    const end = out.last[b] as number;
    out.increase[b] = end - start + (isCounter ? (out.increase[b] as number) : 0);
    start = end;
  }
  return {
    index,
    timestamps: out.timestamps.slice(0, buckets),
    count: out.count.slice(0, buckets),
    sum: out.sum.slice(0, buckets),
    min: out.min.slice(0, buckets),
    max: out.max.slice(0, buckets),
    last: out.last.slice(0, buckets),
    increase: out.increase.slice(0, buckets),
  };
}

const VERSION = 1;
/** What of a series is not written because it follows from the rest. */
const MAX_IS_LAST = 1;
const INCREASE_IS_DIFFERENCE = 2;

const WRITTEN = ['last', 'max', 'min', 'sum', 'count', 'increase'] as const;

const isWritten = (flags: number, what: (typeof WRITTEN)[number]): boolean =>
  what === 'max'
    ? (flags & MAX_IS_LAST) === 0
    : what === 'increase'
      ? (flags & INCREASE_IS_DIFFERENCE) === 0
      : true;

/** Whether the increase is the difference of the last values, after the first bucket. */
function isDifference({ increase, last }: RollupColumns): boolean {
  for (let i = 1; i < last.length; i++)
    if (!Object.is(increase[i], (last[i] as number) - (last[i - 1] as number))) return false;
  return last.length > 0;
}

const flagsOf = (c: RollupColumns): number =>
  (c.max.every((value, i) => Object.is(value, c.last[i])) ? MAX_IS_LAST : 0) |
  (isDifference(c) ? INCREASE_IS_DIFFERENCE : 0);

/** All columns of a series are as long as its timestamps. NaNs come back as NaN, whatever their payload. */
export function encodeRollup(columns: readonly RollupColumns[]): Uint8Array<ArrayBuffer> {
  const written: Column[] = [];
  const about = new ByteWriter(64);
  const flags = columns.map(flagsOf);
  for (const what of WRITTEN)
    columns.forEach((c, k) => {
      if (isWritten(flags[k] ?? 0, what))
        written.push({ index: c.index, timestamps: c.timestamps, values: c[what] });
    });
  about.varint(columns.length);
  for (const flag of flags) about.byte(flag);
  columns.forEach((c, k) => {
    if ((flags[k] ?? 0) & INCREASE_IS_DIFFERENCE) about.number(c.increase[0] ?? 0);
  });
  return seal(VERSION, [about.finish(), ...encodeColumns(written)]);
}

/** Throws a RangeError on damaged bytes. */
export function decodeRollup(data: Uint8Array, wanted?: (index: number) => boolean): RollupColumns[] {
  const parts = new SealedParts(VERSION, data);
  const about = new ByteReader(parts.next());
  const set = new ColumnSetReader(parts.next());
  const keep = set.entries.map(({ index }) => wanted === undefined || wanted(index));
  const values = set.values(parts.next(), keep);
  const flags = Array.from({ length: about.count() }, () => about.byte());
  const firsts = flags.map((flag) => (flag & INCREASE_IS_DIFFERENCE ? about.number() : 0));
  let entry = 0;
  const [lasts, maxes, mins, sums, counts, increases] = WRITTEN.map((what) =>
    flags.map((flag) => (isWritten(flag, what) ? values[entry++] : undefined)),
  );
  if (entry !== values.length) throw new RangeError('rollup has another number of columns than it says');
  const out: RollupColumns[] = [];
  flags.forEach((_, k) => {
    const from = set.entries[k];
    const last = lasts?.[k];
    const min = mins?.[k];
    const sum = sums?.[k];
    const count = counts?.[k];
    if (!from || !last || !min || !sum || !count) return;
    const { index, timestamps } = from;
    const max = maxes?.[k] ?? last;
    const increase = increases?.[k] ?? differences(last, firsts[k] ?? 0);
    out.push({ index, timestamps, count, sum, min, max, last, increase });
  });
  return out;
}

function differences(last: Float64Array, first: number): Float64Array {
  const out = new Float64Array(last.length);
  for (let i = 1; i < out.length; i++) out[i] = (last[i] as number) - (last[i - 1] as number);
  if (out.length > 0) out[0] = first;
  return out;
}
