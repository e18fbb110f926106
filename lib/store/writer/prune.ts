import { unpack } from '../codec/json.ts';
import { decodeSpans } from '../codec/spans.ts';
import type { Database } from '../database.ts';
import { columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import { tracePrefix } from '../traces/trace-prefix.ts';
import type { GroupChanges, PruneOrder } from './messages.ts';
import { pruneMetrics } from './prune-metrics.ts';
import type { Shop } from './shop.ts';
import type { Turns } from './turns.ts';

/** Deleted at once at most, so that appends wait for one short transaction only. */
const BLOCKS_AT_ONCE = 10;

/** Drops telemetry that is too old and shared views that expired. A row goes when all of it is too old. */
export async function prune(shop: Shop, order: PruneOrder): Promise<GroupChanges> {
  const { db, turns } = shop;
  const oldest = columnTime(order.before);
  const lastBlock = oldest - BigInt(STATISTICS_BLOCK_MS);
  await turns.take(async () => {
    await db.snapshot.deleteMany({ where: { expiresAt: { lt: columnTime(order.now) } } });
    await db.embed.deleteMany({ where: { expiresAt: { lt: columnTime(order.now) } } });
    await db.event.deleteMany({ where: { at: { lt: oldest } } });
    await db.finding.deleteMany({ where: { state: 'resolved', lastSeen: { lt: oldest } } });
    await db.noticeBlock.deleteMany({ where: { end: { lt: oldest } } });
    await db.traceSummary.deleteMany({ where: { end: { lt: oldest } } });
    await db.spanOperation.deleteMany({ where: { last: { lt: oldest } } });
    await db.spanStatistics.deleteMany({ where: { start: { lt: lastBlock } } });
    await db.statementStatistics.deleteMany({ where: { start: { lt: lastBlock } } });
    await db.exemplarBlock.deleteMany({ where: { end: { lt: oldest } } });
  });
  await inSteps(turns, () => dropTraceBlocks(db, oldest));
  return pruneMetrics(shop, order);
}

/** Blocks know which traces they hold, so that the places of those traces go with them. */
async function dropTraceBlocks(db: Database, oldest: bigint): Promise<number> {
  const blocks = await db.traceBlock.findMany({ where: { end: { lt: oldest } }, take: BLOCKS_AT_ONCE });
  await db.$transaction(
    blocks.flatMap(({ seq, part, data }) => {
      const traces = new Set(decodeSpans(unpack(data)).map((span) => span.traceId));
      return [
        db.traceLocation.deleteMany({ where: { trace: { in: [...traces].map(tracePrefix) }, seq, part } }),
        db.traceBlock.delete({ where: { seq_part: { seq, part } } }),
      ];
    }),
  );
  return blocks.length;
}

/** @param step answers how many rows it dropped; called until none are left */
async function inSteps(turns: Turns, step: () => Promise<number>): Promise<void> {
  while ((await turns.take(step)) > 0);
}
