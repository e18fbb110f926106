import type { Database } from '../database.ts';
import { STATISTICS_BLOCK_MS } from '../resting.ts';
import type { Turns } from './turns.ts';

/** Rows deleted at once at most, so that appends wait for one short transaction only. */
const AT_ONCE = 500;

/**
 * Drops telemetry that ended before `before` and shared views that expired by `now` (ms since the epoch). A row
 * goes when all of it is too old.
 */
export async function prune(
  db: Database,
  turns: Turns,
  { before, now }: { readonly before: number; readonly now: number },
): Promise<undefined> {
  const oldest = BigInt(Math.floor(before));
  const lastBlock = oldest - BigInt(STATISTICS_BLOCK_MS);
  await turns.take(async () => {
    await db.snapshot.deleteMany({ where: { expiresAt: { lt: BigInt(now) } } });
    await db.embed.deleteMany({ where: { expiresAt: { lt: BigInt(now) } } });
    await db.event.deleteMany({ where: { at: { lt: oldest } } });
    await db.finding.deleteMany({ where: { state: 'resolved', lastSeen: { lt: oldest } } });
    await db.noticeBlock.deleteMany({ where: { end: { lt: oldest } } });
    await db.traceSummary.deleteMany({ where: { end: { lt: oldest } } });
    await db.spanStatistics.deleteMany({ where: { start: { lt: lastBlock } } });
    await db.statementStatistics.deleteMany({ where: { start: { lt: lastBlock } } });
  });
  await inSteps(turns, async () => {
    const rows = await db.chunk.findMany({
      where: { start: { lt: oldest }, end: { lt: oldest } },
      orderBy: { start: 'asc' },
      take: AT_ONCE,
      select: { seriesId: true, start: true, seq: true },
    });
    await db.$transaction(rows.map((key) => db.chunk.delete({ where: { seriesId_start_seq: key } })));
    return rows.length;
  });
  await inSteps(turns, async () => {
    const rows = await db.traceDocument.findMany({
      where: { start: { lt: oldest } },
      take: AT_ONCE,
      select: { traceId: true, seq: true },
    });
    await db.$transaction(rows.map((key) => db.traceDocument.delete({ where: { traceId_seq: key } })));
    return rows.length;
  });
}

/** @param step answers how many rows it dropped; called until none are left */
async function inSteps(turns: Turns, step: () => Promise<number>): Promise<void> {
  while ((await turns.take(step)) > 0);
}

export async function dropSeries(db: Database, ids: readonly number[]): Promise<undefined> {
  for (let i = 0; i < ids.length; i += AT_ONCE)
    await db.series.deleteMany({ where: { id: { in: ids.slice(i, i + AT_ONCE).map(BigInt) } } });
}
