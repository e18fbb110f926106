import { setImmediate as pause } from 'node:timers/promises';
import { blockOf, DAY_BLOCK_MS } from '../resting.ts';
import { joined, stretchOf } from './merge-group.ts';
import type { Rewrite } from './rewrite.ts';
import { DayRollup, lastValuesBefore } from './rollup-rows.ts';
import type { Shop } from './shop.ts';
import { inSteps } from './steps.ts';
import { blocksOf, blocksWithin, isReadable, oldestBlock, readHorizon, rolledUpOn } from './stored-blocks.ts';

/** A sample that was taken in just before it was too old may come to rest this much later. */
const MARGIN_MS = 2 * 3_600_000;

/** Puts rollups in the place of samples that are too old, by whole days. */
export async function rollUpBefore(shop: Shop, before: number): Promise<void> {
  const horizon = await readHorizon(shop);
  const end = blockOf(before - MARGIN_MS, DAY_BLOCK_MS);
  // In order of time: counters go on from the day before.
  for (let from: number | undefined; ; ) {
    from = await oldestBlock(shop, end, horizon);
    if (from === undefined) return;
    const day = blockOf(from, DAY_BLOCK_MS);
    const blocks = await blocksWithin(shop, day, day + DAY_BLOCK_MS, horizon);
    const known = await rolledUpOn(shop, day);
    await inSteps(shop, blocks, (rewrite, group) =>
      rollUpDay(shop, rewrite, group, day, { horizon, known: known.has(group) }),
    );
  }
}

/** @param known whether the day has rollups already: what comes after them is too late */
async function rollUpDay(
  shop: Shop,
  rewrite: Rewrite,
  group: number,
  day: number,
  { horizon, known }: { readonly horizon: number; readonly known: boolean },
): Promise<void> {
  const blocks = await blocksOf(shop, group, day, day + DAY_BLOCK_MS - 1, horizon);
  rewrite.removed.push(...blocks);
  if (known) return;
  const readable = blocks.filter(isReadable);
  const { order } = await shop.groups.one(group);
  const rollup = new DayRollup(group, await lastValuesBefore(shop, group, day));
  const size = stretchOf(readable);
  for (let from = day; from < day + DAY_BLOCK_MS; from += size) {
    rollup.add(joined(readable, order, from, from + size));
    await pause();
  }
  rewrite.rollups.push(...rollup.rows(Math.max(0, ...blocks.map(({ seq }) => seq))));
}
