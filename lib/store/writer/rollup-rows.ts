import type { BlockSeries } from '../codec/metric-block.ts';
import { decodeRollup, encodeRollup, type RollupColumns, rollUp } from '../codec/rollup.ts';
import { rawSql } from '../database.ts';
import { concatRollups } from '../metrics/rollup-columns.ts';
import { rawBytes } from '../raw-sql.ts';
import { columnTime, DAY_BLOCK_MS, ROLLUPS_MS } from '../resting.ts';
import type { Shop } from './shop.ts';

export interface RollupRow {
  readonly group: bigint;
  readonly resolution: number;
  readonly start: bigint;
  readonly seq: bigint;
  readonly end: bigint;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Rollups of one group and day, gathered in stretches of time that follow one another. */
export class DayRollup {
  private readonly group: number;
  private readonly resolutions: readonly {
    readonly ms: number;
    readonly parts: Map<number, RollupColumns[]>;
  }[] = ROLLUPS_MS.map((ms) => ({ ms, parts: new Map() }));
  /** By place: what the series had last counted. */
  private readonly lastValues: Map<number, number>;

  constructor(group: number, lastValues: Map<number, number>) {
    this.group = group;
    this.lastValues = lastValues;
  }

  /** @param series samples of a stretch that begins and ends at a multiple of the coarsest resolution */
  add(series: readonly BlockSeries[]): void {
    for (const one of series) {
      const before = this.lastValues.get(one.index);
      for (const { ms, parts } of this.resolutions) {
        const columns = rollUp(one, ms, before);
        const last = columns.last.at(-1);
        if (last === undefined) continue;
        const list = parts.get(one.index);
        if (list === undefined) parts.set(one.index, [columns]);
        else list.push(columns);
        this.lastValues.set(one.index, last);
      }
    }
  }

  rows(seq: number): RollupRow[] {
    return this.resolutions.flatMap(({ ms, parts }) => {
      const columns = [...parts.values()].map(concatRollups);
      if (columns.length === 0) return [];
      return [rollupRow(this.group, ms, seq, columns)];
    });
  }
}

/** @param columns each with a bucket at least */
export function rollupRow(
  group: number,
  resolution: number,
  seq: number,
  columns: readonly RollupColumns[],
): RollupRow {
  const start = Math.min(...columns.map(({ timestamps }) => timestamps[0] as number));
  const end = Math.max(...columns.map(({ timestamps }) => timestamps.at(-1) as number));
  return {
    group: BigInt(group),
    resolution,
    start: columnTime(start),
    seq: BigInt(seq),
    end: columnTime(end, Math.ceil),
    data: encodeRollup(columns),
  };
}

/** What the series of a group had last counted on the day before, by place. */
export async function lastValuesBefore(
  { db, turns }: Shop,
  group: number,
  day: number,
): Promise<Map<number, number>> {
  const rows = await turns.take(() =>
    rawSql(db).query(
      'SELECT "data" FROM "MetricRollup" WHERE "group"=? AND "resolution"=? AND "start">=? AND "start"<?',
      [group, ROLLUPS_MS[1], day - DAY_BLOCK_MS, day],
    ),
  );
  const values = new Map<number, number>();
  for (const [data] of rows)
    for (const { index, last } of decodeRollup(rawBytes(data))) {
      const value = last.at(-1);
      if (value !== undefined) values.set(index, value);
    }
  return values;
}
