import type { ChangeEvent } from '#lib/model/event.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { Database } from '../database.ts';
import { blockOf, CHUNK_BLOCK_MS, columnTime, META } from '../resting.ts';
import { columnText, keyText } from '../text.ts';
import { readFact, setFact, type Transaction } from './facts.ts';
import type { CompactOrder } from './messages.ts';
import type {
  ChunkRow,
  OperationRow,
  StatisticsRow,
  SummaryRow,
  TraceBlockRow,
  TraceLocationRow,
} from './resting-rows.ts';

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

/** The transaction holds as much as one head; a slow disk may take a while over it. */
const LIMITS = { maxWait: 60_000, timeout: 300_000 };
/** Rows of one insert; bounds what is held as its text and its values at once. */
const AT_ONCE = 1000;

function* slices<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += AT_ONCE) yield rows.slice(i, i + AT_ONCE);
}

/** Everything of one compaction or nothing of it. */
export async function writeResting(db: Database, rows: RestingRows, order: CompactOrder): Promise<undefined> {
  const upTo = BigInt(order.upTo);
  await db.$transaction(async (tx) => {
    await insertNew(tx, rows);
    for (const data of slices(rows.chunks)) await tx.chunk.createMany({ data });
    for (const data of slices(rows.traceBlocks.map((b) => b.block))) await tx.traceBlock.createMany({ data });
    for (const data of slices(rows.traceBlocks.flatMap((b) => b.locations)))
      await tx.traceLocation.createMany({ data });
    for (const data of slices(rows.summaries)) await tx.traceSummary.createMany({ data });
    for (const data of slices(rows.spanStatistics)) await tx.spanStatistics.createMany({ data });
    for (const data of slices(rows.statementStatistics)) await tx.statementStatistics.createMany({ data });
    for (const data of slices(rows.notices)) await tx.noticeBlock.createMany({ data });
    await tx.batch.deleteMany({ where: { id: { lte: upTo } } });
    await addUnmerged(tx, rows.chunks);
    await setFact(tx, META.compactedTo, String(order.upTo));
    await setFact(tx, META.arrived, JSON.stringify(order.arrived));
  }, LIMITS);
}

/** Rows that may be there already: series and texts stay as they are, metadata and events take the newer form. */
async function insertNew(tx: Transaction, rows: RestingRows): Promise<void> {
  for (const part of slices(rows.series)) {
    const known = await tx.series.findMany({
      where: { id: { in: part.map((s) => s.id) } },
      select: { id: true },
    });
    const ids = new Set(known.map(({ id }) => id));
    await tx.series.createMany({ data: part.filter(({ id }) => !ids.has(id)) });
  }
  const texts = new Map(rows.statementTexts.map((t) => [keyText(t.fingerprint), columnText(t.text)]));
  for (const part of slices([...texts])) {
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
  for (const part of slices(rows.metadata)) {
    const data = part.map(({ name, type, help, unit }) => ({
      name: keyText(name),
      type,
      help: columnText(help),
      unit: columnText(unit),
    }));
    await tx.metricMetadata.deleteMany({ where: { name: { in: data.map((m) => m.name) } } });
    await tx.metricMetadata.createMany({ data });
  }
  for (const part of slices(rows.operations)) {
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
  for (const part of slices(rows.events)) {
    const data = part.map((event) => ({
      id: keyText(event.id),
      at: columnTime(event.at),
      service: keyText(event.service),
      content: JSON.stringify(event),
    }));
    await tx.event.deleteMany({ where: { id: { in: data.map((e) => e.id) } } });
    await tx.event.createMany({ data });
  }
}

/** Notes the blocks that got new chunks, for ./merge.ts. */
async function addUnmerged(tx: Transaction, chunks: readonly ChunkRow[]): Promise<void> {
  if (chunks.length === 0) return;
  const noted: number[] = JSON.parse((await readFact(tx, META.unmerged)) ?? '[]');
  const blocks = new Set([...noted, ...chunks.map((c) => blockOf(Number(c.start), CHUNK_BLOCK_MS))]);
  await setFact(tx, META.unmerged, JSON.stringify([...blocks].sort((a, b) => a - b)));
}
