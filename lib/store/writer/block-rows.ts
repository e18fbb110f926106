import type { BlockSeries } from '../codec/metric-block.ts';
import { encodeMetricBlock } from '../codec/metric-block.ts';
import { type Columns, firstFrom } from '../metrics/columns.ts';
import { blockOf, CHUNK_BLOCK_MS } from '../resting.ts';

export interface BlockRow {
  readonly group: number;
  /** Time of the oldest and of the newest sample, ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly seq: number;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** @param series each with a sample at least */
export function blockRow(group: number, seq: number, series: readonly BlockSeries[]): BlockRow {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const { timestamps } of series) {
    start = Math.min(start, timestamps[0] as number);
    end = Math.max(end, timestamps[timestamps.length - 1] as number);
    count += timestamps.length;
  }
  return { group, start, end, seq, count, data: encodeMetricBlock(series) };
}

/** Samples first … end - 1, in the same memory. */
export function partOf(series: BlockSeries, first: number, end: number): BlockSeries {
  const { index, timestamps, values, histograms } = series;
  if (first === 0 && end === timestamps.length) return series;
  return {
    index,
    timestamps: timestamps.subarray(first, end),
    values: values.subarray(first, end),
    ...(histograms && { histograms: histograms.slice(first, end) }),
  };
}

/** Samples with from ≤ t < to; undefined when there are none. */
export function clipSeries(series: BlockSeries, from: number, to: number): BlockSeries | undefined {
  const [first, end] = [firstFrom(series.timestamps, from), firstFrom(series.timestamps, to)];
  return first < end ? partOf(series, first, end) : undefined;
}

/** Samples of some series of a group, cut at multiples of two hours; the order of the series stays. */
export function cutIntoBlocks(series: readonly BlockSeries[]): Map<number, BlockSeries[]> {
  const blocks = new Map<number, BlockSeries[]>();
  for (const one of series)
    for (let at = one.timestamps[0]; at !== undefined; ) {
      const start = blockOf(at, CHUNK_BLOCK_MS);
      const part = clipSeries(one, start, start + CHUNK_BLOCK_MS);
      if (part === undefined) break;
      const list = blocks.get(start);
      if (list === undefined) blocks.set(start, [part]);
      else list.push(part);
      at = one.timestamps[firstFrom(one.timestamps, start + CHUNK_BLOCK_MS)];
    }
  return blocks;
}

export const asSeries = (index: number, columns: Columns): BlockSeries => ({ index, ...columns });
