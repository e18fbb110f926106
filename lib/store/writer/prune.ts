import { unpack } from '../codec/json.ts';
import { decodeSpans } from '../codec/spans.ts';
import type { Database } from '../database.ts';
import { columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import { tracePrefix } from '../traces/trace-prefix.ts';
import type { Turns } from './turns.ts';

/** Rows deleted at once at most, so that appends wait for one short transaction only. */
const AT_ONCE = 500;
const BLOCKS_AT_ONCE = 10;

/**
 * Drops telemetry that ended before `before` and shared views that expired by `now` (ms since the epoch). A row
 * goes when all of it is too old.
 */
export async function prune(
  db: Database,
  turns: Turns,
  { before, now }: { readonly before: number; readonly now: number },
): Promise<undefined> {
  const oldest = columnTime(before);
  const lastBlock = oldest - BigInt(STATISTICS_BLOCK_MS);
  await turns.take(async () => {
    await db.snapshot.deleteMany({ where: { expiresAt: { lt: columnTime(now) } } });
    await db.embed.deleteMany({ where: { expiresAt: { lt: columnTime(now) } } });
    await db.event.deleteMany({ where: { at: { lt: oldest } } });
    await db.finding.deleteMany({ where: { state: 'resolved', lastSeen: { lt: oldest } } });
    await db.noticeBlock.deleteMany({ where: { end: { lt: oldest } } });
    await db.traceSummary.deleteMany({ where: { end: { lt: oldest } } });
    await db.spanOperation.deleteMany({ where: { last: { lt: oldest } } });
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
  await inSteps(turns, () => dropTraceBlocks(db, oldest));
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

export async function dropSeries(db: Database, ids: readonly number[]): Promise<undefined> {
  for (let i = 0; i < ids.length; i += AT_ONCE)
    await db.series.deleteMany({ where: { id: { in: ids.slice(i, i + AT_ONCE).map(BigInt) } } });
}
