import { columnTime } from '../resting.ts';
import type { GroupChanges, PruneOrder } from './messages.ts';
import { rollUpBefore } from './roll-up.ts';
import type { Shop } from './shop.ts';

/** Rows are large: freeing their pages takes its time. */
const BLOCKS_AT_ONCE = 50;
const GROUPS_AT_ONCE = 200;

/** Drops samples and rollups that are too old, and groups of which nothing is left. */
export async function pruneMetrics(shop: Shop, order: PruneOrder): Promise<GroupChanges> {
  const { before, rollups } = order;
  if (rollups.some((rollup) => rollup.before < before)) await rollUpBefore(shop, before);
  else await dropBlocks(shop, columnTime(before));
  for (const { resolutionMs, before } of order.rollups)
    await dropRollups(shop, resolutionMs, columnTime(before));
  const oldest = Math.min(order.before, ...order.rollups.map(({ before }) => before));
  return { dropped: await dropGroups(shop, columnTime(oldest), new Set(order.active)), changed: [] };
}

async function dropBlocks({ db, turns, steps }: Shop, oldest: bigint): Promise<void> {
  const step = async (): Promise<boolean> => {
    const keys = await db.metricBlock.findMany({
      where: { start: { lt: oldest }, end: { lt: oldest } },
      orderBy: { start: 'asc' },
      take: BLOCKS_AT_ONCE,
      select: { group: true, start: true, seq: true },
    });
    if (keys.length > 0) await db.metricBlock.deleteMany({ where: { OR: keys } });
    return keys.length === BLOCKS_AT_ONCE;
  };
  while (await steps.take(() => turns.take(step)));
}

async function dropRollups({ db, turns, steps }: Shop, resolution: number, oldest: bigint): Promise<void> {
  const step = async (): Promise<boolean> => {
    const keys = await db.metricRollup.findMany({
      where: { resolution, end: { lt: oldest } },
      take: BLOCKS_AT_ONCE,
      select: { group: true, resolution: true, start: true, seq: true },
    });
    if (keys.length > 0) await db.metricRollup.deleteMany({ where: { OR: keys } });
    return keys.length === BLOCKS_AT_ONCE;
  };
  while (await steps.take(() => turns.take(step)));
}

async function dropGroups(
  { db, turns, groups }: Shop,
  oldest: bigint,
  kept: ReadonlySet<number>,
): Promise<number[]> {
  const dropped: number[] = [];
  for (let after = -1n; ; ) {
    const from = after;
    const rows = await turns.take(() =>
      db.seriesGroup.findMany({
        where: { id: { gt: from }, last: { lt: oldest } },
        orderBy: { id: 'asc' },
        take: GROUPS_AT_ONCE,
        select: { id: true },
      }),
    );
    const ids = rows.map(({ id }) => id).filter((id) => !kept.has(Number(id)));
    if (ids.length > 0) await turns.take(() => db.seriesGroup.deleteMany({ where: { id: { in: ids } } }));
    const numbers = ids.map(Number);
    groups.forget(numbers);
    dropped.push(...numbers);
    const last = rows.at(-1);
    if (last === undefined || rows.length < GROUPS_AT_ONCE) return dropped;
    after = last.id;
  }
}
