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
import { META } from '../resting.ts';
import { SIGNALS } from '../store.ts';
import { allChunkRows } from './chunk-rows.ts';
import { readFact } from './facts.ts';
import { dropLog, dropUnfinished, type RestingRows, writeResting } from './insert-resting.ts';
import type { CompactOrder } from './messages.ts';
import { noticeRows, operationRows, spanStatisticsRows, statementStatisticsRows } from './statistics-rows.ts';
import { summaryRows, traceBlockRows } from './trace-rows.ts';
import type { Turns } from './turns.ts';

const LOG_ROWS_AT_ONCE = 8;
/** How long rows are encoded before waiting appends get their turn. */
const ENCODE_MS = 8;

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
  let since = performance.now();
  for (const row of rows) {
    list.push(row);
    if (performance.now() - since < ENCODE_MS) continue;
    await pause();
    since = performance.now();
  }
  return list;
}

/** Turns log rows into resting rows, moves the horizon past them and drops them. */
export async function compact(db: Database, turns: Turns, order: CompactOrder): Promise<undefined> {
  await dropUnfinished(db, turns);
  const upTo = BigInt(order.upTo);
  // An order comes again when its answer was lost: what rests already must not be put to rest twice.
  const resting = BigInt((await turns.take(() => readFact(db, META.compactedTo))) ?? 0);
  if (resting >= upTo) {
    await dropLog(db, turns, upTo);
    return;
  }
  const contents = new LogContents();
  let after = BigInt(order.after);
  for (;;) {
    const from = after;
    // Taken in turn: on SQLite's one connection, a read beside an open transaction would belong to it.
    const read = await turns.take(() =>
      db.batch.findMany({
        where: { id: { gt: from, lte: upTo } },
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
      after = row.id;
      await pause();
    }
    if (read.length < LOG_ROWS_AT_ONCE) break;
  }
  const { head, ids } = contents;
  const rows: RestingRows = {
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
  await writeResting(db, turns, rows, order);
  await dropLog(db, turns, upTo);
}
