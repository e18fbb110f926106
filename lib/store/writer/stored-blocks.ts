import { blockDirectory } from '../codec/metric-block.ts';
import { rawSql } from '../database.ts';
import { rawBytes, rawNumber } from '../raw-sql.ts';
import { columnTime, DAY_BLOCK_MS, META, ROLLUPS_MS } from '../resting.ts';
import type { BlockRow } from './block-rows.ts';
import { readFact } from './facts.ts';
import type { Shop } from './shop.ts';

/** A row of `MetricBlock` without its bytes. */
export type BlockKey = Omit<BlockRow, 'data'>;
export type StoredBlock = BlockKey & { readonly data: Uint8Array };

/**
 * Log row up to which samples rest for good. Rows beyond it belong to a compaction that is under way: they may be
 * dropped and written again, so nobody else touches them.
 */
export const readHorizon = (shop: Shop): Promise<number> =>
  shop.turns.take(async () => Number((await readFact(shop.db, META.compactedTo)) ?? 0));

const LISTED_AT_ONCE = 4000;

/** Blocks that begin within from ≤ t < to, by group, the first written first. */
export async function blocksWithin(
  shop: Shop,
  from: number,
  to: number,
  horizon: number,
): Promise<Map<number, BlockKey[]>> {
  const blocks = new Map<number, BlockKey[]>();
  for (let last: BlockKey = { group: -1, start: from, seq: -1, end: 0, count: 0 }; ; ) {
    const { start, group, seq } = last;
    const rows = await shop.turns.take(() =>
      rawSql(shop.db).query(
        `SELECT "group","start","seq","end","count" FROM "MetricBlock"
         WHERE ("start","group","seq")>(?,?,?) AND "start"<? AND "seq"<=?
         ORDER BY "start","group","seq" LIMIT ${LISTED_AT_ONCE}`,
        [start, group, seq, to, horizon],
      ),
    );
    for (const row of rows) {
      const [group = 0, start = 0, seq = 0, end = 0, count = 0] = row.map(rawNumber);
      last = { group, start, seq, end, count };
      const list = blocks.get(group);
      if (list === undefined) blocks.set(group, [last]);
      else list.push(last);
    }
    if (rows.length < LISTED_AT_ONCE) break;
  }
  for (const list of blocks.values()) list.sort((a, b) => a.seq - b.seq);
  return new Map([...blocks].sort(([a], [b]) => a - b));
}

/** Blocks of one group that overlap from ≤ t ≤ to, the first written first. */
export async function blocksOf(
  shop: Shop,
  group: number,
  from: number,
  to: number,
  horizon: number,
): Promise<StoredBlock[]> {
  const rows = await shop.turns.take(() =>
    rawSql(shop.db).query(
      'SELECT "start","seq","end","count","data" FROM "MetricBlock" WHERE "group"=? AND "start"<=? AND "end">=? AND "seq"<=? ORDER BY "seq"',
      [group, columnTime(to), columnTime(from), horizon],
    ),
  );
  return rows.map(([start, seq, end, count, data]) => ({
    group,
    start: rawNumber(start),
    seq: rawNumber(seq),
    end: rawNumber(end),
    count: rawNumber(count),
    data: rawBytes(data),
  }));
}

/** Groups that have been rolled up for a day. */
export async function rolledUpOn(shop: Shop, day: number): Promise<Set<number>> {
  const rows = await shop.turns.take(() =>
    rawSql(shop.db).query(
      'SELECT "group" FROM "MetricRollup" WHERE "resolution"=? AND "end">=? AND "end"<?',
      [ROLLUPS_MS[1], day, day + DAY_BLOCK_MS],
    ),
  );
  return new Set(rows.map(([group]) => rawNumber(group)));
}

/** Time of the oldest sample that rests in a block before `before`. */
export async function oldestBlock(shop: Shop, before: number, horizon: number): Promise<number | undefined> {
  const [row] = await shop.turns.take(() =>
    rawSql(shop.db).query(
      'SELECT "start" FROM "MetricBlock" WHERE "start"<? AND "seq"<=? ORDER BY "start" LIMIT 1',
      [columnTime(before), horizon],
    ),
  );
  return row === undefined ? undefined : rawNumber(row[0]);
}

/** A block that cannot be read is left as it is, and must not keep others from being worked on. */
export function isReadable({ group, start, data }: StoredBlock): boolean {
  try {
    blockDirectory(data);
    return true;
  } catch (error) {
    console.error(`block ${start} of group ${group} cannot be read: ${error}`);
    return false;
  }
}
