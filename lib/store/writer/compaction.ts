import { setImmediate as pause } from 'node:timers/promises';
import type { ChangeEvent } from '#lib/model/event.ts';
import type { Labels } from '#lib/model/labels.ts';
import { type MetricMetadata, wordsOf } from '#lib/model/metrics.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from '../codec/json.ts';
import { decodeMetrics } from '../codec/metric-batch.ts';
import { decodeSpans } from '../codec/spans.ts';
import type { Database } from '../database.ts';
import { Head } from '../head.ts';
import { SIGNALS } from '../store.ts';
import { type RestingRows, writeResting } from './insert-resting.ts';
import type { CompactOrder } from './messages.ts';
import {
  allChunkRows,
  noticeRows,
  operationRows,
  spanStatisticsRows,
  statementStatisticsRows,
  summaryRows,
  traceBlockRows,
} from './resting-rows.ts';
import type { Turns } from './turns.ts';

/** Log rows read, and rows encoded, before waiting appends get their turn. */
const LOG_ROWS_AT_ONCE = 8;
const ENCODED_AT_ONCE = 100;

/** Contents of a stretch of the log, by series id instead of by the main thread's slots. */
class LogContents {
  readonly head = new Head();
  readonly defined = new Map<number, Labels>();
  readonly metadata = new Map<string, MetricMetadata>();
  /** Series id of each slot of `head.samples`. */
  readonly ids: number[] = [];
  private readonly slots = new Map<number, number>();

  add(signal: number, data: Uint8Array): void {
    switch (SIGNALS[signal]) {
      case 'metrics':
        this.addMetrics(data);
        break;
      case 'spans':
        this.head.addSpans(decodeSpans(data));
        break;
      case 'statements':
        this.head.addStatements(decodeJson<StatementBatch>(data));
        break;
      case 'events':
        this.head.addEvents(decodeJson<ChangeEvent[]>(data));
        break;
      default:
        throw new RangeError(`log row of kind ${signal}`);
    }
  }

  private addMetrics(data: Uint8Array): void {
    const batch = decodeMetrics(data);
    for (const { id, labels } of batch.defined) this.defined.set(id, labels);
    for (const m of batch.metadata) this.metadata.set(m.name, m);
    const words = wordsOf(batch.values);
    for (let i = 0; i < batch.ids.length; i++) {
      const id = batch.ids[i] as number;
      let slot = this.slots.get(id);
      if (slot === undefined) {
        slot = this.ids.length;
        this.ids.push(id);
        this.slots.set(id, slot);
        this.head.samples.ensure(slot + 1);
      }
      const [from, to] = [batch.offsets[i] as number, batch.offsets[i + 1] as number];
      this.head.samples.append(slot, batch.timestamps, words, from, to);
    }
  }
}

/** Takes all rows of a generator, letting other work in between. */
async function gather<T>(rows: Iterable<T>): Promise<T[]> {
  const list: T[] = [];
  for (const row of rows) {
    list.push(row);
    if (list.length % ENCODED_AT_ONCE === 0) await pause();
  }
  return list;
}

/** Turns log rows into resting rows, all in one transaction with their deletion and the new horizon. */
export async function compact(db: Database, turns: Turns, order: CompactOrder): Promise<undefined> {
  const contents = new LogContents();
  let after = BigInt(order.after);
  const upTo = BigInt(order.upTo);
  for (;;) {
    const from = after;
    // Taken in turn: on SQLite's one connection, a read beside an open transaction would belong to it.
    const rows = await turns.take(() =>
      db.batch.findMany({
        where: { id: { gt: from, lte: upTo } },
        orderBy: { id: 'asc' },
        take: LOG_ROWS_AT_ONCE,
      }),
    );
    for (const row of rows) {
      try {
        contents.add(row.signal, row.data);
      } catch (error) {
        // Reading told of it already when the log was replayed; it must not hold up the rows after it.
        console.error(`log row ${row.id} cannot be read and is dropped: ${error}`);
      }
      after = row.id;
      await pause();
    }
    if (rows.length < LOG_ROWS_AT_ONCE) break;
  }
  const { head, ids } = contents;
  const resting: RestingRows = {
    series: [...contents.defined].map(([id, labels]) => ({ id: BigInt(id), labels: JSON.stringify(labels) })),
    metadata: [...contents.metadata.values()],
    chunks: await gather(allChunkRows(head.samples, ids, upTo)),
    traceBlocks: await gather(traceBlockRows(head.traces, upTo)),
    summaries: await gather(summaryRows(head.traces, upTo)),
    operations: operationRows(head.spanStatistics),
    spanStatistics: await gather(spanStatisticsRows(head.spanStatistics, upTo)),
    statementStatistics: await gather(statementStatisticsRows(head.statements, upTo)),
    statementTexts: head.statements.list().map(({ fingerprint, text }) => ({ fingerprint, text })),
    notices: await gather(noticeRows(head.notices, upTo)),
    events: [...head.events.values()],
  };
  await turns.take(() => writeResting(db, resting, order));
}
