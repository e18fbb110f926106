import type { Database } from '../database.ts';
import { META } from '../resting.ts';
import { readFact, setFact } from './facts.ts';
import { insertNew } from './insert-new.ts';
import type { CompactOrder } from './messages.ts';
import type { RestingRows } from './resting-row-set.ts';
import { slices } from './slices.ts';
import type { Turns } from './turns.ts';
import { noteUnmerged } from './unmerged.ts';

/** Log rows are larger: each holds a whole request. */
const LOG_ROWS_AT_ONCE = 32;

const dataSize = ({ data }: { readonly data: Uint8Array }): number => data.length;

/** Notes that from now on there may be rows of a compaction that does not come to its end. */
export async function beginCompaction(db: Database, turns: Turns, order: CompactOrder): Promise<void> {
  await turns.take(() => setFact(db, META.unfinished, String(order.after)));
}

/**
 * Moves the horizon past the rows that were written.
 * @param blocks starts of the blocks of time that got samples
 */
export async function finishCompaction(
  db: Database,
  turns: Turns,
  order: CompactOrder,
  blocks: Iterable<number>,
): Promise<void> {
  await turns.take(() =>
    db.$transaction(async (tx) => {
      await setFact(tx, META.compactedTo, String(order.upTo));
      await setFact(tx, META.arrived, JSON.stringify(order.arrived));
      await noteUnmerged(tx, blocks, order.upTo);
      await tx.meta.delete({ where: { key: META.unfinished } });
    }),
  );
}

/**
 * Writes rows of a compaction in many short transactions, so that appends get their turns in between. Until the
 * horizon moves, readers go by the log: rows beyond it either repeat what a head holds under the same identity
 * (samples, spans, events), or are left out by their `seq` (whatever adds up).
 */
export async function writeResting(db: Database, turns: Turns, rows: RestingRows): Promise<void> {
  await insertNew(db, turns, rows);
  const insert = async <T>(
    list: readonly T[],
    create: (data: T[]) => Promise<unknown>,
    sizeOf?: (row: T) => number,
  ): Promise<void> => {
    for (const data of slices(list, sizeOf)) await turns.take(() => create(data));
  };
  const blocks = rows.traceBlocks.map((b) => b.block);
  await insert(blocks, (data) => db.traceBlock.createMany({ data }), dataSize);
  const locations = rows.traceBlocks.flatMap((b) => b.locations);
  await insert(locations, (data) => db.traceLocation.createMany({ data }));
  await insert(rows.summaries, (data) => db.traceSummary.createMany({ data }), dataSize);
  await insert(rows.spanStatistics, (data) => db.spanStatistics.createMany({ data }), dataSize);
  await insert(rows.statementStatistics, (data) => db.statementStatistics.createMany({ data }), dataSize);
  await insert(rows.notices, (data) => db.noticeBlock.createMany({ data }), dataSize);
}

/**
 * Removes what a compaction wrote that did not get to its end: the log still has it.
 */
export async function dropUnfinished(db: Database, turns: Turns): Promise<void> {
  const after = await turns.take(() => readFact(db, META.unfinished));
  if (after === undefined) return;
  const where = { seq: { gt: BigInt(after) } };
  await turns.take(() =>
    db.$transaction([
      db.metricBlock.deleteMany({ where }),
      db.exemplarBlock.deleteMany({ where }),
      db.traceBlock.deleteMany({ where }),
      db.traceLocation.deleteMany({ where }),
      db.traceSummary.deleteMany({ where }),
      db.spanStatistics.deleteMany({ where }),
      db.statementStatistics.deleteMany({ where }),
      db.noticeBlock.deleteMany({ where }),
      db.meta.delete({ where: { key: META.unfinished } }),
    ]),
  );
}

/** Drops the rows of the log that rest, a few at a time. */
export async function dropLog(db: Database, turns: Turns, upTo: bigint): Promise<void> {
  const step = async (): Promise<boolean> => {
    const rows = await db.batch.findMany({
      where: { id: { lte: upTo } },
      orderBy: { id: 'asc' },
      take: LOG_ROWS_AT_ONCE,
      select: { id: true },
    });
    const last = rows.at(-1);
    if (last === undefined) return false;
    await db.batch.deleteMany({ where: { id: { lte: last.id } } });
    return rows.length === LOG_ROWS_AT_ONCE;
  };
  while (await turns.take(step));
}
