import { setImmediate as pause } from 'node:timers/promises';
import { decodeSpanStatistics, encodeSpanStatistics } from '../codec/span-statistics.ts';
import type { Database } from '../database.ts';
import { SpanStatisticsTable } from '../traces/span-statistics.ts';
import type { Turns } from './turns.ts';

/** Rows of one service and block from which on they are joined. The usual six compactions an hour never get there. */
const MANY = 24;

/**
 * Joins the rows that many compactions left of a service's statistics, so that reading an hour of heavy traffic does
 * not mean decoding thousands of rows.
 * @param horizon rows up to the horizon of before this compaction: every question that is being answered counts them
 */
export async function joinSpanStatistics(
  db: Database,
  turns: Turns,
  horizon: bigint,
  blocks: readonly bigint[],
): Promise<void> {
  for (const start of blocks) {
    const where = { start, seq: { lte: horizon } };
    const counts = await turns.take(() =>
      db.spanStatistics.groupBy({ by: ['service'], where, _count: { _all: true } }),
    );
    for (const { service, _count } of counts)
      if (_count._all >= MANY) await joinOne(db, turns, { ...where, service });
  }
}

async function joinOne(
  db: Database,
  turns: Turns,
  where: { readonly service: string; readonly start: bigint; readonly seq: { readonly lte: bigint } },
): Promise<void> {
  const rows = await turns.take(() => db.spanStatistics.findMany({ where, orderBy: { seq: 'asc' } }));
  const last = rows.at(-1);
  if (last === undefined) return;
  const table = new SpanStatisticsTable();
  for (const { data } of rows) {
    for (const series of decodeSpanStatistics(data)) table.merge(series);
    await pause();
  }
  const { service, start } = where;
  const data = { service, start, seq: last.seq, data: encodeSpanStatistics(table.list()) };
  await turns.take(() =>
    db.$transaction([db.spanStatistics.deleteMany({ where }), db.spanStatistics.create({ data })]),
  );
}
