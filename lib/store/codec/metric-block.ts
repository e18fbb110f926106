import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { ColumnSetReader, encodeColumns } from './column-set.ts';
import { readHistograms, writeHistograms } from './native-histogram.ts';
import { SealedParts, seal } from './sealed.ts';

/** Samples of one series of a group. */
export interface BlockSeries {
  /** Place in the group, 0 … 63. */
  readonly index: number;
  /** Ascending, unique, ms. Series with equal times share one array after decoding. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

export interface BlockEntry {
  readonly index: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

const VERSION = 1;

/** @param series likely similar ones beside each other (buckets of a histogram by `le`): they may be written as differences */
export function encodeMetricBlock(series: readonly BlockSeries[]): Uint8Array<ArrayBuffer> {
  const histograms = new ByteWriter();
  series.forEach((s, k) => {
    if (s.histograms?.some((h) => h !== undefined)) {
      histograms.varint(k);
      writeHistograms(histograms, s.histograms);
    }
  });
  return seal(VERSION, [...encodeColumns(series), histograms.finish()]);
}

/** What stands in a block, without decoding values. In the order in which it was encoded. */
export function blockDirectory(data: Uint8Array): BlockEntry[] {
  const { entries } = new ColumnSetReader(new SealedParts(VERSION, data).next());
  return entries.map(({ index, timestamps }) => ({
    index,
    count: timestamps.length,
    first: timestamps[0] ?? 0,
    last: timestamps.at(-1) ?? 0,
  }));
}

/**
 * Throws a RangeError on damaged bytes.
 * @param wanted by place in the group; all when absent
 * @returns in the order in which it was encoded; all values are parts of one buffer
 */
export function decodeMetricBlock(data: Uint8Array, wanted?: (index: number) => boolean): BlockSeries[] {
  const parts = new SealedParts(VERSION, data);
  const columns = new ColumnSetReader(parts.next());
  const keep = columns.entries.map(({ index }) => wanted === undefined || wanted(index));
  const values = columns.values(parts.next(), keep);
  const histograms = readRows(parts.next(), columns.entries, keep);
  const out: BlockSeries[] = [];
  columns.entries.forEach(({ index, timestamps }, k) => {
    const column = values[k];
    if (column === undefined) return;
    const row = histograms.get(k);
    out.push(
      row === undefined
        ? { index, timestamps, values: column }
        : { index, timestamps, values: column, histograms: row },
    );
  });
  return out;
}

function readRows(
  bytes: Uint8Array,
  entries: ColumnSetReader['entries'],
  keep: readonly boolean[],
): Map<number, (NativeHistogram | undefined)[]> {
  const rows = new Map<number, (NativeHistogram | undefined)[]>();
  const input = new ByteReader(bytes);
  while (!input.done) {
    const k = input.varint();
    const row = readHistograms(input, entries[k]?.timestamps.length ?? 0);
    if (keep[k]) rows.set(k, row);
  }
  return rows;
}
