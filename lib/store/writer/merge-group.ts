import { setImmediate as pause } from 'node:timers/promises';
import { type BlockSeries, decodeMetricBlock } from '../codec/metric-block.ts';
import { blockOf, CHUNK_BLOCK_MS, DAY_BLOCK_MS } from '../resting.ts';
import { blockRow, clipSeries } from './block-rows.ts';
import { joinBlocks } from './join-blocks.ts';
import type { Rewrite } from './rewrite.ts';
import type { Shop } from './shop.ts';
import { blocksOf, isReadable, type StoredBlock } from './stored-blocks.ts';

/** Samples in one block at most. */
const MAX_BLOCK_SAMPLES = 1_000_000;

/** Joins a group's blocks that lie within two hours. */
export async function mergeHours(
  shop: Shop,
  rewrite: Rewrite,
  group: number,
  from: number,
  horizon: number,
): Promise<void> {
  const to = from + CHUNK_BLOCK_MS;
  const blocks = (await blocksOf(shop, group, from, to - 1, horizon)).filter(
    (block) => block.start >= from && block.end < to && isReadable(block),
  );
  if (blocks.length < 2 || samplesIn(blocks) > MAX_BLOCK_SAMPLES) return;
  const { order } = await shop.groups.one(group);
  rewrite.removed.push(...blocks);
  rewrite.added.push(blockRow(group, newest(blocks), joined(blocks, order, from, to)));
  await pause();
}

/** Joins a group's blocks of a day, or those of each two hours of it where a day has too many samples. */
export async function mergeDay(
  shop: Shop,
  rewrite: Rewrite,
  group: number,
  day: number,
  horizon: number,
): Promise<void> {
  const end = day + DAY_BLOCK_MS;
  const blocks = (await blocksOf(shop, group, day, end - 1, horizon)).filter(isReadable);
  const size = stretchOf(blocks);
  const starts = new Set(blocks.flatMap(({ start, end }) => [blockOf(start, size), blockOf(end, size)]));
  if (blocks.length < 2 || (starts.size === blocks.length && blocks.every(isWithin(size)))) return;
  const { order } = await shop.groups.one(group);
  rewrite.removed.push(...blocks);
  for (let from = day; from < end; from += size) {
    const series = joined(blocks, order, from, from + size);
    if (series.length > 0) rewrite.added.push(blockRow(group, newest(blocks), series));
    await pause();
  }
}

/** How much of a day's samples is worked on at once, ms. */
export const stretchOf = (blocks: readonly StoredBlock[]): number =>
  samplesIn(blocks) > MAX_BLOCK_SAMPLES ? CHUNK_BLOCK_MS : DAY_BLOCK_MS;

const isWithin =
  (size: number) =>
  ({ start, end }: StoredBlock): boolean =>
    blockOf(start, size) === blockOf(end, size);

const samplesIn = (blocks: readonly StoredBlock[]): number =>
  blocks.reduce((sum, { count }) => sum + count, 0);

/** The joined block must not be told from one that was read before: its number is that of its last part. */
const newest = (blocks: readonly StoredBlock[]): number => Math.max(...blocks.map(({ seq }) => seq));

/** Samples within from ≤ t < to. @param blocks the first written first */
export function joined(
  blocks: readonly StoredBlock[],
  order: Uint8Array,
  from: number,
  to: number,
): BlockSeries[] {
  const parts = blocks
    .filter(({ start, end }) => start < to && end >= from)
    .map(({ start, end, data }) => {
      const series = decodeMetricBlock(data);
      if (start >= from && end < to) return series;
      return series.flatMap((one) => clipSeries(one, from, to) ?? []);
    });
  return joinBlocks(parts, order);
}
