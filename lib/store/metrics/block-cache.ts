import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { BlockSeries } from '../codec/metric-block.ts';
import { histogramNumbers } from '../codec/native-histogram.ts';

/** A decoded block, or the part of it that was asked for. */
interface Entry {
  readonly group: number;
  /** By place; undefined where the block has no samples of the series. */
  readonly series: Map<number, BlockSeries | undefined>;
  bytes: number;
}

/** What a series takes for itself besides its columns. */
const OVERHEAD = 200;

const histogramBytes = (histograms: readonly (NativeHistogram | undefined)[] = []): number =>
  histograms.reduce((sum, h) => sum + (h === undefined ? 8 : 300 + histogramNumbers(h) * 8), 0);

/** Decoded samples of resting blocks, those used last, up to a bound of memory. Blocks are known by their whole identity. */
export class BlockCache {
  private readonly maxBytes: number;
  private bytes = 0;
  private readonly entries = new Map<string, Entry>();

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The series of a block at these places, without those that it has no samples of; undefined when not all are known. */
  get(key: string, places: Iterable<number>): BlockSeries[] | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const found: BlockSeries[] = [];
    for (const place of places) {
      const series = entry.series.get(place);
      if (series !== undefined) found.push(series);
      else if (!entry.series.has(place)) return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    return found;
  }

  put(key: string, group: number, places: Iterable<number>, decoded: readonly BlockSeries[]): void {
    const entry = this.entries.get(key) ?? {
      group,
      series: new Map<number, BlockSeries | undefined>(),
      bytes: 0,
    };
    const times = new Set<Float64Array>();
    let bytes = 0;
    for (const place of places) if (!entry.series.has(place)) entry.series.set(place, undefined);
    for (const series of decoded) {
      if (entry.series.get(series.index) !== undefined) continue;
      entry.series.set(series.index, series);
      bytes += OVERHEAD + series.values.byteLength + histogramBytes(series.histograms);
      if (!times.has(series.timestamps)) bytes += series.timestamps.byteLength;
      times.add(series.timestamps);
    }
    entry.bytes += bytes;
    this.bytes += bytes;
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const [oldest, { bytes: freed }] of this.entries) {
      if (this.bytes <= this.maxBytes) break;
      this.entries.delete(oldest);
      this.bytes -= freed;
    }
  }

  forget(groups: ReadonlySet<number>): void {
    for (const [key, { group, bytes }] of this.entries)
      if (groups.has(group)) {
        this.entries.delete(key);
        this.bytes -= bytes;
      }
  }
}
