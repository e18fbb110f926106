import { setImmediate as pause } from 'node:timers/promises';
import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeExemplars, encodeExemplars } from '../codec/exemplar-block.ts';
import { forgetTimes, timesAt } from '../codec/group-times.ts';
import { type BlockSeries, decodeMetricBlock } from '../codec/metric-block.ts';
import { decodeRollup } from '../codec/rollup.ts';
import { keepBuckets } from '../metrics/rollup-columns.ts';
import { groupOf, indexOf } from '../metrics/series-id.ts';
import { columnTime } from '../resting.ts';
import { blockRow, partOf } from './block-rows.ts';
import { joinBlocks } from './join-blocks.ts';
import type { DeleteOrder, GroupChanges } from './messages.ts';
import { newRewrite, type Rewrite, writeRewrite } from './rewrite.ts';
import { rollupRow } from './rollup-rows.ts';
import type { Shop } from './shop.ts';
import { blocksOf, isReadable, readHorizon } from './stored-blocks.ts';

const EXEMPLAR_ROWS_AT_ONCE = 8;

/** Takes samples of some series, and what was made of them, out of the range (its ends belong to it). */
export async function deleteSeries(shop: Shop, { ids, range }: DeleteOrder): Promise<GroupChanges> {
  const horizon = await readHorizon(shop);
  const groups = Map.groupBy(ids, groupOf);
  for (const [group, list] of groups) {
    const places = new Set(list.map(indexOf));
    await shop.steps.take(() => deleteSamples(shop, group, places, range, horizon));
    await shop.steps.take(() => deleteRollups(shop, group, places, range));
    await forgetSeries(shop, group, places, range);
  }
  await deleteExemplars(shop, new Set(ids), range, horizon);
  return { dropped: [], changed: [...groups.keys()] };
}

async function deleteSamples(
  shop: Shop,
  group: number,
  places: ReadonlySet<number>,
  { from, to }: TimeRange,
  horizon: number,
): Promise<void> {
  const blocks = (await blocksOf(shop, group, from, to, horizon)).filter(isReadable);
  const { order } = await shop.groups.one(group);
  const rewrite: Rewrite = newRewrite();
  for (const block of blocks) {
    let changed = false;
    const kept = decodeMetricBlock(block.data).flatMap((series) => {
      if (!places.has(series.index)) return [series];
      const parts = outside(series, from, to);
      if (parts[0] !== series) changed = true;
      return parts;
    });
    await pause();
    if (!changed) continue;
    rewrite.removed.push(block);
    if (kept.length > 0) rewrite.added.push(blockRow(group, block.seq, joinBlocks([kept], order)));
  }
  await writeRewrite(shop, rewrite);
}

/** What stands before and after a range; the series itself where nothing of it is within. */
function outside(series: BlockSeries, from: number, to: number): BlockSeries[] {
  const { timestamps } = series;
  let first = 0;
  while (first < timestamps.length && (timestamps[first] as number) < from) first++;
  let end = first;
  while (end < timestamps.length && (timestamps[end] as number) <= to) end++;
  if (first === end) return [series];
  return [partOf(series, 0, first), partOf(series, end, timestamps.length)].filter(
    (part) => part.timestamps.length > 0,
  );
}

async function deleteRollups(
  shop: Shop,
  group: number,
  places: ReadonlySet<number>,
  { from, to }: TimeRange,
): Promise<void> {
  const { db, turns } = shop;
  const rows = await turns.take(() =>
    db.metricRollup.findMany({
      where: { group: BigInt(group), start: { lte: columnTime(to) }, end: { gte: columnTime(from) } },
    }),
  );
  for (const row of rows) {
    const { resolution, start, seq } = row;
    const columns = decodeRollup(row.data)
      .map((one) => (places.has(one.index) ? keepBuckets(one, (at) => at < from || at > to) : one))
      .filter(({ timestamps }) => timestamps.length > 0);
    await turns.take(() =>
      db.$transaction([
        db.metricRollup.delete({
          where: { group_resolution_start_seq: { group: row.group, resolution, start, seq } },
        }),
        db.metricRollup.createMany({
          data: columns.length === 0 ? [] : [rollupRow(group, resolution, Number(seq), columns)],
        }),
      ]),
    );
  }
}

/** Series of which nothing is left are not named any more. */
async function forgetSeries(
  { groups }: Shop,
  number: number,
  places: ReadonlySet<number>,
  { from, to }: TimeRange,
): Promise<void> {
  const group = await groups.one(number);
  for (const place of places) {
    const times = timesAt(group.times, place);
    if (times === undefined || times.from < from || times.to > to) continue;
    forgetTimes(group.times, place);
    group.changed = true;
  }
  await groups.write([group]);
}

async function deleteExemplars(
  { db, turns, steps }: Shop,
  ids: ReadonlySet<number>,
  { from, to }: TimeRange,
  horizon: number,
): Promise<void> {
  for (let after: { start: bigint; seq: bigint } | undefined; ; ) {
    const cursor = after;
    const rows = await turns.take(() =>
      db.exemplarBlock.findMany({
        where: {
          end: { gte: columnTime(from) },
          start: { lte: columnTime(to) },
          seq: { lte: BigInt(horizon) },
          ...(cursor && {
            OR: [{ start: { gt: cursor.start } }, { start: cursor.start, seq: { gt: cursor.seq } }],
          }),
        },
        orderBy: [{ start: 'asc' }, { seq: 'asc' }],
        take: EXEMPLAR_ROWS_AT_ONCE,
      }),
    );
    for (const { start, seq, data } of rows) {
      after = { start, seq };
      const all = decodeExemplars(data);
      const left = all.filter(
        ({ id, exemplar: { timestamp } }) => !ids.has(id) || timestamp < from || timestamp > to,
      );
      const where = { start_seq: { start, seq } };
      if (left.length === all.length) continue;
      await steps.take(() =>
        turns.take<unknown>(() =>
          left.length === 0
            ? db.exemplarBlock.delete({ where })
            : db.exemplarBlock.update({ where, data: { data: encodeExemplars(left) } }),
        ),
      );
    }
    if (rows.length < EXEMPLAR_ROWS_AT_ONCE) return;
  }
}
