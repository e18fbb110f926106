import type { ChangeEvent } from '#lib/model/event.ts';
import { type MetricMetadata, wordsOf } from '#lib/model/metrics.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from '../codec/json.ts';
import { decodeSpans } from '../codec/spans.ts';
import { type Database, rawSql } from '../database.ts';
import { signalNumber } from '../head.ts';
import { SampleArena } from '../metrics/sample-arena.ts';
import { rawBytes, rawNumber } from '../raw-sql.ts';
import { META } from '../resting.ts';
import { SIGNALS, type Signal } from '../store.ts';
import { readFact } from '../writer/facts.ts';
import type { Arrived, CompactOrder } from '../writer/messages.ts';
import { decodeOldMetrics, OLD_VERSION } from './old-metric-batch.ts';

/** New id of each series that had one of its own. */
export type NewIds = ReadonlyMap<number, number>;

const ROWS_AT_ONCE = 16;

interface LogRow {
  readonly id: number;
  readonly signal: Signal | undefined;
  readonly receivedAt: number;
  readonly data: Uint8Array;
}

const isOld = ({ signal, data }: LogRow): boolean => signal === 'metrics' && data[0] === OLD_VERSION;

/** The log after the horizon, in order. */
async function* logRows(db: Database): AsyncGenerator<LogRow> {
  for (let after = Number((await readFact(db, META.compactedTo)) ?? 0); ; ) {
    const rows = await rawSql(db).query(
      `SELECT "id","signal","receivedAt","data" FROM "Batch" WHERE "id">? ORDER BY "id" LIMIT ${ROWS_AT_ONCE}`,
      [after],
    );
    for (const [id, signal, receivedAt, data] of rows) {
      after = rawNumber(id);
      yield {
        id: after,
        signal: SIGNALS[rawNumber(signal)],
        receivedAt: rawNumber(receivedAt),
        data: rawBytes(data),
      };
    }
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** Rows of the old form are all before those of the new one. */
export async function hasOldLog(db: Database): Promise<boolean> {
  const rows = await rawSql(db).query(
    'SELECT "data" FROM "Batch" WHERE "signal"=? AND "id">? ORDER BY "id" LIMIT 1',
    [signalNumber('metrics'), Number((await readFact(db, META.compactedTo)) ?? 0)],
  );
  return rows.some(([data]) => rawBytes(data)[0] === OLD_VERSION);
}

/** Writes series that only the log names where the others stand. */
export async function keepSeriesOfOldLog(db: Database): Promise<void> {
  const known = new Set((await db.series.findMany({ select: { id: true } })).map(({ id }) => Number(id)));
  for await (const row of logRows(db)) {
    if (!isOld(row)) continue;
    const fresh = decoded(row, decodeOldMetrics)?.defined.filter(({ id }) => !known.has(id)) ?? [];
    for (const { id } of fresh) known.add(id);
    await db.series.createMany({
      data: fresh.map(({ id, labels }) => ({ id: BigInt(id), labels: JSON.stringify(labels) })),
    });
  }
}

/** What puts the whole log to rest, its metrics under their new ids; undefined when there is no old log. */
export async function oldLogOrder(db: Database, ids: NewIds): Promise<CompactOrder | undefined> {
  if (!(await hasOldLog(db))) return undefined;
  const after = Number((await readFact(db, META.compactedTo)) ?? 0);
  const before: Partial<Record<Signal, Arrived>> = JSON.parse((await readFact(db, META.arrived)) ?? '{}');
  const arrived = new Map(SIGNALS.map((signal) => [signal, before[signal] ?? { count: 0, last: undefined }]));
  const samples = new SampleArena();
  const slots = new Map<number, number>();
  const newIds: number[] = [];
  const metadata = new Map<string, MetricMetadata>();
  const slotOf = (old: number): number => {
    const known = slots.get(old);
    if (known !== undefined) return known;
    const slot = newIds.push(ids.get(old) ?? -1) - 1;
    slots.set(old, slot);
    samples.ensure(slot + 1);
    return slot;
  };
  const addMetrics = (data: Uint8Array): number => {
    const batch = decodeOldMetrics(data);
    for (const m of batch.metadata) metadata.set(m.name, m);
    const words = wordsOf(batch.values);
    let conflicts = 0;
    batch.ids.forEach((id, i) => {
      const [from, to] = [batch.offsets[i] as number, batch.offsets[i + 1] as number];
      if (ids.has(id)) conflicts += samples.append(slotOf(id), batch.timestamps, words, from, to);
    });
    return batch.timestamps.length - conflicts;
  };
  let upTo = after;
  for await (const row of logRows(db)) {
    upTo = row.id;
    const { signal } = row;
    if (signal === undefined) continue;
    const count = decoded(row, (data) => (signal === 'metrics' ? addMetrics(data) : countOf(signal, data)));
    const known = arrived.get(signal);
    if (count !== undefined && count > 0)
      arrived.set(signal, { count: (known?.count ?? 0) + count, last: row.receivedAt });
  }
  return {
    after,
    upTo,
    arrived: Object.fromEntries(arrived) as Record<Signal, Arrived>,
    metrics: {
      samples: samples.share(),
      histograms: undefined,
      ids: Float64Array.from(newIds),
      newSeries: [],
      exemplars: [],
      metadata: [...metadata.values()],
    },
  };
}

function countOf(signal: Exclude<Signal, 'metrics'>, data: Uint8Array): number {
  if (signal === 'spans') return decodeSpans(data).length;
  if (signal === 'events') return decodeJson<ChangeEvent[]>(data).length;
  const { runs, notices } = decodeJson<StatementBatch>(data);
  return runs.length + notices.length;
}

/** As when the log is replayed: one unreadable row must not keep the others. */
function decoded<T>({ id, data }: LogRow, decode: (data: Uint8Array) => T): T | undefined {
  try {
    return decode(data);
  } catch (error) {
    console.error(`log row ${id} cannot be read and is dropped: ${error}`);
    return undefined;
  }
}
