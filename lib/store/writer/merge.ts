import { blockOf, CHUNK_BLOCK_MS, DAY_BLOCK_MS } from '../resting.ts';
import { mergeDay, mergeHours } from './merge-group.ts';
import type { Shop } from './shop.ts';
import { inSteps } from './steps.ts';
import { blocksWithin, readHorizon } from './stored-blocks.ts';
import { noteMerged, readUnmerged, type UnmergedBlock } from './unmerged.ts';

/**
 * Joins what compactions left of each group: blocks of two hours once they are over, days once they are; again when
 * late samples come.
 * @param finished what ended by then is joined, ms since the epoch
 */
export async function merge(shop: Shop, finished: number): Promise<undefined> {
  const horizon = await readHorizon(shop);
  const noted = await shop.turns.take(() => readUnmerged(shop.db));
  const dayIsOver = ({ start }: UnmergedBlock): boolean => dayOf(start) + DAY_BLOCK_MS <= finished;
  for (const block of noted) {
    const { start, joined } = block;
    if (joined || start + CHUNK_BLOCK_MS > finished || dayIsOver(block)) continue;
    const blocks = await blocksWithin(shop, start, start + CHUNK_BLOCK_MS, horizon);
    const several = [...blocks].filter(([, list]) => list.length > 1);
    await inSteps(shop, several, (rewrite, group) => mergeHours(shop, rewrite, group, start, horizon));
    await note(shop, [block], 'joined');
  }
  const days = Map.groupBy(noted.filter(dayIsOver), ({ start }) => dayOf(start));
  for (const [day, parts] of days) {
    const blocks = await blocksWithin(shop, day, day + DAY_BLOCK_MS, horizon);
    const several = [...blocks].filter(([, list]) => list.length > 1);
    await inSteps(shop, several, (rewrite, group) => mergeDay(shop, rewrite, group, day, horizon));
    await note(shop, parts, 'finished');
  }
}

const dayOf = (at: number): number => blockOf(at, DAY_BLOCK_MS);

const note = (shop: Shop, done: readonly UnmergedBlock[], kind: 'joined' | 'finished'): Promise<void> =>
  shop.turns.take(() => shop.db.$transaction((tx) => noteMerged(tx, done, kind)));
