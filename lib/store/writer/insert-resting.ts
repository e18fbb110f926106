import type { ChangeEvent } from '#lib/model/event.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { Database } from '../database.ts';
import { blockOf, CHUNK_BLOCK_MS, columnTime, META } from '../resting.ts';
import { columnText, keyText } from '../text.ts';
import type { ChunkRow } from './chunk-rows.ts';
import { readFact, setFact, type Transaction } from './facts.ts';
import type { CompactOrder } from './messages.ts';
import type { OperationRow, StatisticsRow } from './statistics-rows.ts';
import type { SummaryRow, TraceBlockRow, TraceLocationRow } from './trace-rows.ts';
import type { Turns } from './turns.ts';

export interface RestingRows {
  readonly series: readonly { readonly id: bigint; readonly labels: string }[];
  readonly metadata: readonly MetricMetadata[];
  readonly chunks: readonly ChunkRow[];
  readonly traceBlocks: readonly {
    readonly block: TraceBlockRow;
    readonly locations: readonly TraceLocationRow[];
  }[];
  readonly summaries: readonly SummaryRow[];
  readonly operations: readonly OperationRow[];
  readonly spanStatistics: readonly (StatisticsRow & { readonly service: string })[];
  readonly statementStatistics: readonly (StatisticsRow & { readonly fingerprint: string })[];
  readonly statementTexts: readonly { readonly fingerprint: string; readonly text: string }[];
  readonly notices: readonly (StatisticsRow & { readonly end: bigint })[];
  readonly events: readonly ChangeEvent[];
}

/** What one transaction writes at most: appends wait for no more than that. */
const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 2 ** 20;
/** Log rows are larger: each holds a whole request. */
const LOG_ROWS_AT_ONCE = 32;

function* slices<T>(rows: readonly T[], sizeOf: (row: T) => number = () => 0): Generator<T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    part.push(row);
    bytes += sizeOf(row);
    if (part.length < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}

const dataSize = ({ data }: { readonly data: Uint8Array }): number => data.length;

/**
 * Writes the rows of one compaction in many short transactions, so that appends get their turns in between. Until
 * the last one moves the horizon, readers go by the log: rows beyond the horizon either repeat what a head holds
 * under the same identity (samples, spans, events), or are left out by their `seq` (whatever adds up).
 */
export async function writeResting(
  db: Database,
  turns: Turns,
  rows: RestingRows,
  order: CompactOrder,
): Promise<void> {
  await turns.take(() => setFact(db, META.unfinished, String(order.after)));
  await insertNew(db, turns, rows);
  const insert = async <T>(
    list: readonly T[],
    create: (data: T[]) => Promise<unknown>,
    sizeOf?: (row: T) => number,
  ): Promise<void> => {
    for (const data of slices(list, sizeOf)) await turns.take(() => create(data));
  };
  await insert(rows.chunks, (data) => db.chunk.createMany({ data }), dataSize);
  const blocks = rows.traceBlocks.map((b) => b.block);
  await insert(blocks, (data) => db.traceBlock.createMany({ data }), dataSize);
  const locations = rows.traceBlocks.flatMap((b) => b.locations);
  await insert(locations, (data) => db.traceLocation.createMany({ data }));
  await insert(rows.summaries, (data) => db.traceSummary.createMany({ data }), dataSize);
  await insert(rows.spanStatistics, (data) => db.spanStatistics.createMany({ data }), dataSize);
  await insert(rows.statementStatistics, (data) => db.statementStatistics.createMany({ data }), dataSize);
  await insert(rows.notices, (data) => db.noticeBlock.createMany({ data }), dataSize);
  await turns.take(() =>
    db.$transaction(async (tx) => {
      await addUnmerged(tx, rows.chunks);
      await setFact(tx, META.compactedTo, String(order.upTo));
      await setFact(tx, META.arrived, JSON.stringify(order.arrived));
      await tx.meta.delete({ where: { key: META.unfinished } });
    }),
  );
}

/**
 * Removes what a compaction wrote that did not get to its end: the log still has it. Chunks that were joined with
 * older ones meanwhile may stay, as samples of the same time and series count once.
 */
export async function dropUnfinished(db: Database, turns: Turns): Promise<void> {
  const after = await turns.take(() => readFact(db, META.unfinished));
  if (after === undefined) return;
  const where = { seq: { gt: BigInt(after) } };
  await turns.take(() =>
    db.$transaction([
      db.chunk.deleteMany({ where }),
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

/** Rows that may be there already: series and texts stay as they are, metadata and events take the newer form. */
async function insertNew(db: Database, turns: Turns, rows: RestingRows): Promise<void> {
  const each = async <T>(list: readonly T[], write: (tx: Transaction, part: T[]) => Promise<unknown>) => {
    for (const part of slices(list)) await turns.take(() => db.$transaction((tx) => write(tx, part)));
  };
  await each(rows.series, insertSeries);
  const texts = new Map(rows.statementTexts.map((t) => [keyText(t.fingerprint), columnText(t.text)]));
  await each([...texts], insertTexts);
  await each(rows.metadata, replaceMetadata);
  await each(rows.operations, widenOperations);
  await each(rows.events, replaceEvents);
}

async function insertSeries(tx: Transaction, part: RestingRows['series'][number][]): Promise<void> {
  const known = await tx.series.findMany({
    where: { id: { in: part.map((s) => s.id) } },
    select: { id: true },
  });
  const ids = new Set(known.map(({ id }) => id));
  await tx.series.createMany({ data: part.filter(({ id }) => !ids.has(id)) });
}

async function insertTexts(tx: Transaction, part: readonly [string, string][]): Promise<void> {
  const known = await tx.statementText.findMany({
    where: { fingerprint: { in: part.map(([fingerprint]) => fingerprint) } },
    select: { fingerprint: true },
  });
  const fingerprints = new Set(known.map(({ fingerprint }) => fingerprint));
  await tx.statementText.createMany({
    data: part
      .filter(([fingerprint]) => !fingerprints.has(fingerprint))
      .map(([fingerprint, text]) => ({ fingerprint, text })),
  });
}

async function replaceMetadata(tx: Transaction, part: readonly MetricMetadata[]): Promise<void> {
  const data = part.map(({ name, type, help, unit }) => ({
    name: keyText(name),
    type,
    help: columnText(help),
    unit: columnText(unit),
  }));
  await tx.metricMetadata.deleteMany({ where: { name: { in: data.map((m) => m.name) } } });
  await tx.metricMetadata.createMany({ data });
}

async function widenOperations(tx: Transaction, part: readonly OperationRow[]): Promise<void> {
  // All of a service's operations: few, and simpler to ask for than pairs.
  const known = await tx.spanOperation.findMany({
    where: { service: { in: [...new Set(part.map((o) => o.service))] } },
  });
  const before = new Map(known.map((o) => [`${o.key}${o.service}`, o]));
  const data = part.map((o) => {
    const { first = o.first, last = o.last } = before.get(`${o.key}${o.service}`) ?? {};
    return {
      ...o,
      first: columnTime(Math.min(Number(first), Number(o.first))),
      last: columnTime(Math.max(Number(last), Number(o.last))),
    };
  });
  for (const [service, list] of Map.groupBy(data, (o) => o.service))
    await tx.spanOperation.deleteMany({ where: { service, key: { in: list.map((o) => o.key) } } });
  await tx.spanOperation.createMany({ data });
}

async function replaceEvents(tx: Transaction, part: readonly ChangeEvent[]): Promise<void> {
  const data = part.map((event) => ({
    id: keyText(event.id),
    at: columnTime(event.at),
    service: keyText(event.service),
    content: JSON.stringify(event),
  }));
  await tx.event.deleteMany({ where: { id: { in: data.map((e) => e.id) } } });
  await tx.event.createMany({ data });
}

/** Notes the blocks that got new chunks, for ./merge.ts. */
async function addUnmerged(tx: Transaction, chunks: readonly ChunkRow[]): Promise<void> {
  if (chunks.length === 0) return;
  const noted: number[] = JSON.parse((await readFact(tx, META.unmerged)) ?? '[]');
  const blocks = new Set([...noted, ...chunks.map((c) => blockOf(Number(c.start), CHUNK_BLOCK_MS))]);
  await setFact(tx, META.unmerged, JSON.stringify([...blocks].sort((a, b) => a - b)));
}
