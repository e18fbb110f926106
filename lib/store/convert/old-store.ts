import { type Labels, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { Log } from '#lib/platform/log.ts';
import type { Backend } from '../backend.ts';
import { widenTimes } from '../codec/group-times.ts';
import type { BlockSeries } from '../codec/metric-block.ts';
import type { Database } from '../database.ts';
import { GROUP_SIZE, groupOf, indexOf } from '../metrics/series-id.ts';
import { blockOf, DAY_BLOCK_MS, META } from '../resting.ts';
import { type BlockRow, blockRow, cutIntoBlocks } from '../writer/block-rows.ts';
import { compact } from '../writer/compaction.ts';
import { readFact } from '../writer/facts.ts';
import { joinBlocks } from '../writer/join-blocks.ts';
import { openShop, type Shop } from '../writer/shop.ts';
import { noteUnmerged } from '../writer/unmerged.ts';
import { decodeChunk } from './old-chunk.ts';
import { hasOldLog, keepSeriesOfOldLog, type NewIds, oldLogOrder } from './old-log.ts';

const SERIES_AT_ONCE = 500;
const OLD_NOTES = 'unmerged-blocks';

/**
 * Brings a store of versions before groups into the present form, once: its series get their places in groups, its
 * log is put to rest, its chunks become blocks. A kill in between leaves what is left for the next start.
 */
export async function convertOldStore(db: Database, backend: Backend, log: Log): Promise<void> {
  if ((await db.series.findFirst()) === null && !(await hasOldLog(db))) return;
  const started = performance.now();
  log.info('bringing the metrics of an older version into their new form');
  const shop = openShop(db, backend);
  await dropUnfinishedChunks(db);
  await keepSeriesOfOldLog(db);
  const ids = await defineGroups(shop);
  const order = await oldLogOrder(db, ids);
  if (order !== undefined) await compact(shop, order);
  const oldIds = Map.groupBy(ids.keys(), (old) => groupOf(ids.get(old) as number));
  for (const [group, olds] of oldIds) await convertGroup(shop, group, olds, ids);
  await dropSeries(db);
  await db.meta.deleteMany({ where: { key: OLD_NOTES } });
  if (shop.sqlite) await makeRoomReturnable(db);
  log.info('the metrics are in their new form', {
    series: ids.size,
    ms: Math.round(performance.now() - started),
  });
}

async function dropUnfinishedChunks(db: Database): Promise<void> {
  const after = await readFact(db, META.unfinished);
  if (after !== undefined) await db.chunk.deleteMany({ where: { seq: { gt: BigInt(after) } } });
}

/** Places follow from the label sets alone, so that a conversion that is taken up again gives the same ones. */
async function defineGroups({ db, groups }: Shop): Promise<NewIds> {
  const series = (await db.series.findMany()).map(({ id, labels }) => {
    const set: Labels = JSON.parse(labels);
    return { old: Number(id), set, text: labels, metric: labelValue(set, METRIC_NAME) };
  });
  series.sort((a, b) => compare(a.metric, b.metric) || compare(a.text, b.text));
  const ids = new Map<number, number>();
  let group = 0;
  for (const [, list] of Map.groupBy(series, ({ metric }) => metric))
    for (let from = 0; from < list.length; from += GROUP_SIZE) {
      group++;
      const members = list.slice(from, from + GROUP_SIZE);
      for (const [place, { old }] of members.entries()) ids.set(old, group * GROUP_SIZE + place);
      const known = await groups.one(group);
      await groups.define(
        known,
        members.map(({ set }, place) => [place, set]),
      );
      await groups.write([known]);
    }
  return ids;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Day by day, each in one transaction with the end of its chunks. */
async function convertGroup(shop: Shop, group: number, olds: readonly number[], ids: NewIds): Promise<void> {
  const { db, groups } = shop;
  const known = await groups.one(group);
  const mine = { seriesId: { in: olds.map(BigInt) } };
  for (;;) {
    const first = await db.chunk.findFirst({
      where: mine,
      orderBy: { start: 'asc' },
      select: { start: true },
    });
    if (first === null) return;
    const day = blockOf(Number(first.start), DAY_BLOCK_MS);
    const where = { ...mine, start: { lt: BigInt(day + DAY_BLOCK_MS) } };
    const chunks = await db.chunk.findMany({ where, orderBy: { seq: 'asc' } });
    const parts = chunks.map(({ seriesId, count, data }): BlockSeries[] => [
      { index: indexOf(ids.get(Number(seriesId)) as number), ...decodeChunk(data, count) },
    ]);
    const series = joinBlocks(parts, known.order);
    for (const { index, timestamps } of series)
      if (widenTimes(known.times, index, timestamps[0] as number, timestamps.at(-1) as number))
        known.changed = true;
    await groups.write([known]);
    const seq = Number(chunks.at(-1)?.seq ?? 0);
    const blocks = cutIntoBlocks(series);
    const rows = [...blocks.values()].map((block) => blockRow(group, seq, block));
    await db.$transaction(async (tx) => {
      await tx.chunk.deleteMany({ where });
      await tx.metricBlock.createMany({ data: rows.map(databaseRow) });
      await noteUnmerged(tx, blocks.keys(), seq);
    });
  }
}

const databaseRow = ({ group, start, seq, end, count, data }: BlockRow) => ({
  group: BigInt(group),
  start: BigInt(start),
  seq: BigInt(seq),
  end: BigInt(end),
  count,
  data,
});

async function dropSeries(db: Database): Promise<void> {
  for (;;) {
    const part = await db.series.findMany({ take: SERIES_AT_ONCE, select: { id: true } });
    if (part.length === 0) return;
    await db.series.deleteMany({ where: { id: { in: part.map(({ id }) => id) } } });
  }
}

/** Only a database that is written anew takes the setting that connecting gives new ones. */
async function makeRoomReturnable(db: Database): Promise<void> {
  await db.$queryRawUnsafe('PRAGMA auto_vacuum = INCREMENTAL');
  await db.$queryRawUnsafe('VACUUM');
}
