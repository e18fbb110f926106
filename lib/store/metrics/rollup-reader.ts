import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeRollup, type RollupColumns } from '../codec/rollup.ts';
import { type Database, rawSql } from '../database.ts';
import { rawBytes, rawNumber } from '../raw-sql.ts';
import { columnTime, DAY_BLOCK_MS, ROLLUPS_MS } from '../resting.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { SelectOptions } from '../store.ts';
import type { Columns } from './columns.ts';
import { concatRollups, keepBuckets } from './rollup-columns.ts';
import { rollupSamples } from './rollup-values.ts';
import { seriesId } from './series-id.ts';

const [FINE, COARSE] = ROLLUPS_MS;
/** Windows from here on are answered from the coarse rollups: their edges are small beside them. */
const COARSE_WINDOW_MS = 12 * COARSE;
const GROUPS_AT_ONCE = 100;

/** By series id, in order of time. */
type Stretches = Map<number, RollupColumns[]>;

/**
 * What stands in for raw samples that are gone: by series id, samples made of its buckets, see ./rollup-values.ts.
 * @param hint what will be done with the samples; without it each bucket's last value is given
 */
export async function readRollups(
  db: Database,
  groups: readonly number[],
  wanted: (group: number, index: number) => boolean,
  range: TimeRange,
  hint: SelectOptions['hint'],
): Promise<Map<number, Columns>> {
  const found = new Map<number, Columns>();
  if (range.from > (await newestRollup(db))) return found;
  const slice = new SliceOfTime();
  for (let i = 0; i < groups.length; i += GROUPS_AT_ONCE) {
    const part = groups.slice(i, i + GROUPS_AT_ONCE);
    const fine: Stretches = new Map();
    if ((hint?.rangeMs ?? 0) < COARSE_WINDOW_MS) await read(db, fine, part, FINE, wanted, range);
    // Fine rollups are dropped first: where they begin, coarse ones end.
    const begin = [...fine.values()].reduce(
      (min, [first]) => Math.min(min, first?.timestamps[0] ?? min),
      Number.POSITIVE_INFINITY,
    );
    const coarse: Stretches = new Map();
    if (range.from < begin)
      await read(db, coarse, part, COARSE, wanted, { from: range.from, to: Math.min(range.to, begin - 1) });
    for (const id of new Set([...coarse.keys(), ...fine.keys()])) {
      const old = coarse.get(id) ?? [];
      const whole = concatRollups([...old, ...(fine.get(id) ?? [])]);
      const turn = old.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
      found.set(
        id,
        clip(
          rollupSamples(whole, (n) => (n < turn ? COARSE : FINE), hint),
          range,
        ),
      );
      if (slice.over()) await slice.next();
    }
  }
  return found;
}

/** Time of the newest sample that has been rolled up. */
async function newestRollup(db: Database): Promise<number> {
  const [row] = await rawSql(db).query('SELECT max("end") FROM "MetricRollup" WHERE "resolution"=?', [
    COARSE,
  ]);
  const newest = row?.[0] ?? undefined;
  return newest === undefined ? Number.NEGATIVE_INFINITY : rawNumber(newest);
}

/** Adds buckets that end within the range, and the one after it begins in, to `found`. */
async function read(
  db: Database,
  found: Stretches,
  groups: readonly number[],
  resolution: number,
  wanted: (group: number, index: number) => boolean,
  { from, to }: TimeRange,
): Promise<void> {
  const rows = await rawSql(db).query(
    `SELECT "group","data" FROM "MetricRollup"
     WHERE "group" IN (${groups.map(() => '?').join(',')}) AND "resolution"=? AND "start">? AND "start"<=? AND "end">=?
     ORDER BY "group","start"`,
    [...groups, resolution, columnTime(from - DAY_BLOCK_MS), columnTime(to), columnTime(from)],
  );
  const slice = new SliceOfTime();
  for (const [number, data] of rows) {
    const group = rawNumber(number);
    for (const all of decodeRollup(rawBytes(data), (index) => wanted(group, index))) {
      const columns = keepBuckets(all, (at) => at <= to && at >= from - resolution);
      if (columns.timestamps.length === 0) continue;
      const id = seriesId(group, all.index);
      const list = found.get(id);
      if (list === undefined) found.set(id, [columns]);
      else list.push(columns);
    }
    if (slice.over()) await slice.next();
  }
}

function clip({ timestamps, values }: Columns, { from, to }: TimeRange): Columns {
  let first = 0;
  let end = timestamps.length;
  while (first < end && (timestamps[first] as number) < from) first++;
  while (first < end && (timestamps[end - 1] as number) > to) end--;
  return { timestamps: timestamps.subarray(first, end), values: values.subarray(first, end) };
}
