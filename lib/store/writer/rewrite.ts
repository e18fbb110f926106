import type { BlockRow } from './block-rows.ts';
import type { RollupRow } from './rollup-rows.ts';
import type { Shop } from './shop.ts';
import type { BlockKey } from './stored-blocks.ts';

/** What one transaction puts in the place of what. */
export interface Rewrite {
  readonly removed: BlockKey[];
  readonly added: BlockRow[];
  readonly rollups: RollupRow[];
}

export const newRewrite = (): Rewrite => ({ removed: [], added: [], rollups: [] });

export async function writeRewrite({ db, turns }: Shop, { removed, added, rollups }: Rewrite): Promise<void> {
  if (removed.length + added.length + rollups.length === 0) return;
  const keys = removed.map(({ group, start, seq }) => ({
    group: BigInt(group),
    start: BigInt(start),
    seq: BigInt(seq),
  }));
  const blocks = added.map(({ group, start, seq, end, count, data }) => ({
    group: BigInt(group),
    start: BigInt(Math.floor(start)),
    seq: BigInt(seq),
    end: BigInt(Math.ceil(end)),
    count,
    data,
  }));
  await turns.take(() =>
    db.$transaction([
      ...(keys.length > 0 ? [db.metricBlock.deleteMany({ where: { OR: keys } })] : []),
      ...(blocks.length > 0 ? [db.metricBlock.createMany({ data: blocks })] : []),
      ...(rollups.length > 0 ? [db.metricRollup.createMany({ data: rollups })] : []),
    ]),
  );
}
