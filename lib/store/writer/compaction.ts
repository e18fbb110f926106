import { setImmediate as pause } from 'node:timers/promises';
import { collectGarbage } from '#lib/platform/collect-garbage.ts';
import type { Database } from '../database.ts';
import { signalNumber } from '../head.ts';
import { META } from '../resting.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import { readFact } from './facts.ts';
import {
  beginCompaction,
  dropLog,
  dropUnfinished,
  finishCompaction,
  writeResting,
} from './insert-resting.ts';
import { joinSpanStatistics } from './join-statistics.ts';
import { LogContents } from './log-contents.ts';
import type { CompactOrder } from './messages.ts';
import type { RestingRows } from './resting-row-set.ts';
import type { Shop } from './shop.ts';
import { noticeRows, operationRows, spanStatisticsRows, statementStatisticsRows } from './statistics-rows.ts';
import { summaryRows, traceBlockRows } from './trace-rows.ts';
import type { Turns } from './turns.ts';
import { writeMetrics } from './write-metrics.ts';

const METRIC_SIGNALS = [signalNumber('metrics')];
const LOG_ROWS_AT_ONCE = 8;
/** What a part decoded is dead after it, but the thread would rather grow than collect. */
const COLLECTED_ABOVE_BYTES = 128 * 2 ** 20;
/** At the end, when the thread may have nothing to do for minutes, all but this is given back. */
const KEPT_HEAP_BYTES = 48 * 2 ** 20;

/** Takes all rows of a generator, letting other work in between. */
async function gather<T>(rows: Iterable<T>): Promise<T[]> {
  const list: T[] = [];
  const slice = new SliceOfTime();
  for (const row of rows) {
    list.push(row);
    if (slice.over()) await slice.next();
  }
  return list;
}

/** Turns log rows into resting rows, moves the horizon past them and drops them. */
export async function compact(shop: Shop, order: CompactOrder): Promise<undefined> {
  const { db, turns } = shop;
  await dropUnfinished(db, turns);
  const upTo = BigInt(order.upTo);
  // An order comes again when its answer was lost: what rests already must not be put to rest twice.
  const resting = BigInt((await turns.take(() => readFact(db, META.compactedTo))) ?? 0);
  if (resting < upTo) {
    await beginCompaction(db, turns, order);
    const blocks = order.metrics === undefined ? [] : await writeMetrics(shop, order.metrics, order.upTo);
    let after = BigInt(order.after);
    while (after < upTo) {
      const part = await readPart(db, turns, after, upTo);
      const statistics = await putToRest(db, turns, part.contents, part.last);
      await joinSpanStatistics(db, turns, BigInt(order.after), statistics);
      after = part.last;
      collectGarbage(COLLECTED_ABOVE_BYTES);
    }
    await finishCompaction(db, turns, order, blocks);
  }
  await dropLog(db, turns, upTo);
  collectGarbage(KEPT_HEAP_BYTES);
}

/** @returns as much of the log after `after` as is decoded at once, and the id of the last row in it */
async function readPart(
  db: Database,
  turns: Turns,
  after: bigint,
  upTo: bigint,
): Promise<{ contents: LogContents; last: bigint }> {
  const contents = new LogContents();
  for (let last = after; ; ) {
    const from = last;
    // Taken in turn: on SQLite's one connection, a read beside an open transaction would belong to it.
    const read = await turns.take(() =>
      db.batch.findMany({
        // Metrics are taken from memory.
        where: { id: { gt: from, lte: upTo }, signal: { notIn: METRIC_SIGNALS } },
        orderBy: { id: 'asc' },
        take: LOG_ROWS_AT_ONCE,
      }),
    );
    for (const row of read) {
      try {
        contents.add(row.signal, row.data);
      } catch (error) {
        // Reading told of it already when the log was replayed; it must not hold up the rows after it.
        console.error(`log row ${row.id} cannot be read and is dropped: ${error}`);
      }
      last = row.id;
      await pause();
    }
    if (read.length < LOG_ROWS_AT_ONCE) return { contents, last: upTo };
    if (contents.full) return { contents, last };
  }
}

/** @returns starts of the blocks of span statistics that got rows */
async function putToRest(db: Database, turns: Turns, contents: LogContents, seq: bigint): Promise<bigint[]> {
  const { head, traces } = contents;
  const rows: RestingRows = {
    traceBlocks: await gather(traceBlockRows(traces, seq)),
    summaries: await gather(summaryRows(traces, seq)),
    operations: operationRows(head.spanStatistics),
    spanStatistics: await gather(spanStatisticsRows(head.spanStatistics, seq)),
    statementStatistics: await gather(statementStatisticsRows(head.statements, seq)),
    statementTexts: head.statements.list().map(({ fingerprint, text }) => ({ fingerprint, text })),
    notices: await gather(noticeRows(head.notices, seq)),
    events: [...head.events.values()],
  };
  await writeResting(db, turns, rows);
  return [...new Set(rows.spanStatistics.map(({ start }) => start))];
}
