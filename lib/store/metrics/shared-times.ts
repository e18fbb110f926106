import type { TimeRange } from '#lib/model/time-range.ts';
import { type Columns, firstFrom, joinColumns, joinValues } from './columns.ts';
import { TimesPool } from './times-pool.ts';

/** A stretch of a column of times. */
interface Clip {
  readonly from: number;
  readonly to: number;
  readonly times: Float64Array;
}

/**
 * Clips and joins the samples of many series for one answer so that those who have their times from the same columns
 * share one array: readers of the answer go by that.
 */
export class SharedTimes {
  private readonly range: TimeRange;
  private readonly clips = new Map<Float64Array, Clip>();
  /** Number of a column, and what columns joined in a row make. */
  private readonly numbers = new Map<Float64Array, number>();
  private readonly joins = new Map<string, Float64Array>();
  private readonly pool = new TimesPool(Number.POSITIVE_INFINITY);

  constructor(range: TimeRange) {
    this.range = range;
  }

  /** What of the columns lies within the range; undefined when nothing does. */
  clip(columns: Columns): Columns | undefined {
    const { timestamps, values, histograms } = columns;
    let clip = this.clips.get(timestamps);
    if (clip === undefined) {
      const from = firstFrom(timestamps, this.range.from);
      let to = firstFrom(timestamps, this.range.to);
      if (timestamps[to] === this.range.to) to++;
      const whole = from === 0 && to === timestamps.length;
      clip = { from, to, times: whole ? timestamps : timestamps.subarray(from, to) };
      this.clips.set(timestamps, clip);
    }
    if (clip.times === timestamps) return columns.timestamps.length === 0 ? undefined : columns;
    if (clip.from >= clip.to) return undefined;
    return {
      timestamps: clip.times,
      values: values.subarray(clip.from, clip.to),
      ...(histograms && { histograms: histograms.slice(clip.from, clip.to) }),
    };
  }

  /** The same columns, with times that another series brought before, if there are such. */
  share(columns: Columns): Columns {
    const timestamps = this.pool.share(columns.timestamps);
    return timestamps === columns.timestamps ? columns : { ...columns, timestamps };
  }

  /** @param parts where two hold the same timestamp, the earlier part's sample stays */
  join(parts: readonly Columns[]): Columns | undefined {
    if (parts.length <= 1) return parts[0];
    for (let i = 1; i < parts.length; i++)
      if (!(lastOf(parts[i - 1]) < firstOf(parts[i]))) {
        const columns = joinColumns(parts);
        return columns && this.share(columns);
      }
    const total = parts.reduce((sum, part) => sum + part.timestamps.length, 0);
    const key = parts.map((part) => this.number(part.timestamps)).join();
    let timestamps = this.joins.get(key);
    if (timestamps === undefined) {
      timestamps = new Float64Array(total);
      let at = 0;
      for (const part of parts) {
        timestamps.set(part.timestamps, at);
        at += part.timestamps.length;
      }
      this.joins.set(key, timestamps);
    }
    return { timestamps, ...joinValues(parts, total) };
  }

  private number(column: Float64Array): number {
    let number = this.numbers.get(column);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(column, number);
    }
    return number;
  }
}

const firstOf = (columns: Columns | undefined): number => columns?.timestamps[0] ?? Number.POSITIVE_INFINITY;
const lastOf = (columns: Columns | undefined): number =>
  columns?.timestamps.at(-1) ?? Number.NEGATIVE_INFINITY;
