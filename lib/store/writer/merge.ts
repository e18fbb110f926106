import { decodeChunk } from '../codec/chunk.ts';
import type { Database } from '../database.ts';
import { joinColumns } from '../metrics/sample-arena.ts';
import { CHUNK_BLOCK_MS, META } from '../resting.ts';
import { type ChunkRow, chunkRows } from './chunk-rows.ts';
import { readFact, setFact } from './facts.ts';
import type { Turns } from './turns.ts';

/** Series merged in one transaction. */
const SERIES_AT_ONCE = 200;

/**
 * Joins the small chunks that compactions left of each series into one, block by block, as soon as a block is
 * over; again when late samples come.
 * @param finished blocks that end by then are merged, ms since the epoch
 */
export async function mergeChunks(db: Database, turns: Turns, finished: number): Promise<undefined> {
  const unmerged = async (): Promise<number[]> => JSON.parse((await readFact(db, META.unmerged)) ?? '[]');
  let failure: unknown;
  for (const block of await turns.take(unmerged)) {
    if (block + CHUNK_BLOCK_MS > finished) continue;
    // Appends go on meanwhile: the note goes only when nothing new has come to join.
    const done = async (): Promise<boolean> => {
      if ((await toJoin(db, block, -1n, 1)).length > 0) return false;
      const rest = (await unmerged()).filter((b) => b !== block);
      await setFact(db, META.unmerged, JSON.stringify(rest));
      return true;
    };
    try {
      do await mergeBlock(db, turns, block);
      while (!(await turns.take(done)));
    } catch (error) {
      // One block that cannot be read must not keep the others in pieces.
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

/** Series with more than one chunk in a block, by id. */
async function toJoin(db: Database, block: number, after: bigint, limit: number): Promise<bigint[]> {
  const groups = await db.chunk.groupBy({
    by: ['seriesId'],
    where: { seriesId: { gt: after }, start: startsIn(block) },
    having: { seriesId: { _count: { gt: 1 } } },
    orderBy: { seriesId: 'asc' },
    take: limit,
  });
  return groups.map((g) => g.seriesId);
}

const startsIn = (block: number) => ({ gte: BigInt(block), lt: BigInt(block + CHUNK_BLOCK_MS) });

async function mergeBlock(db: Database, turns: Turns, block: number): Promise<void> {
  for (let after = -1n; ; ) {
    const last = after;
    const next = await turns.take(async () => {
      const ids = await toJoin(db, block, last, SERIES_AT_ONCE);
      if (ids.length === 0) return undefined;
      const where = { seriesId: { in: ids }, start: startsIn(block) };
      const rows = await db.chunk.findMany({ where, orderBy: [{ seriesId: 'asc' }, { seq: 'asc' }] });
      const data = [...Map.groupBy(rows, (row) => row.seriesId)].flatMap(([id, parts]) => merged(id, parts));
      await db.$transaction([db.chunk.deleteMany({ where }), db.chunk.createMany({ data })]);
      return ids.at(-1);
    });
    if (next === undefined) return;
    after = next;
  }
}

/** @param parts one series' chunks, first written first: theirs is the say where two hold the same timestamp */
function merged(id: bigint, parts: readonly ChunkRow[]): ChunkRow[] {
  const columns = joinColumns(parts.map(({ data, count }) => decodeChunk(data, count)));
  const seq = parts[0]?.seq;
  return columns === undefined || seq === undefined ? [] : [...chunkRows(Number(id), columns, seq)];
}
