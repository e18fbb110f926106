import { setImmediate as pause } from 'node:timers/promises';
import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeChunk } from '../codec/chunk.ts';
import type { Database } from '../database.ts';
import { CHUNK_BLOCK_MS, columnTime } from '../resting.ts';
import type { Columns } from './sample-arena.ts';

/** Series asked for in one query. */
const SERIES_AT_ONCE = 500;

/** Resting samples within the range, by series id; of one series' parts the first written stands first. */
export async function readChunks(
  db: Database,
  ids: readonly number[],
  range: TimeRange,
): Promise<Map<number, Columns[]>> {
  const found = new Map<number, { seq: bigint; columns: Columns }[]>();
  for (let i = 0; i < ids.length; i += SERIES_AT_ONCE) {
    const rows = await db.chunk.findMany({
      where: {
        seriesId: { in: ids.slice(i, i + SERIES_AT_ONCE).map(BigInt) },
        // A chunk spans at most one block: none that starts earlier can reach into the range.
        start: {
          gt: columnTime(range.from - CHUNK_BLOCK_MS),
          lte: columnTime(range.to),
        },
        end: { gte: columnTime(range.from) },
      },
      select: { seriesId: true, seq: true, count: true, data: true },
    });
    for (const { seriesId, seq, count, data } of rows) {
      const columns = clip(decodeChunk(data, count), range);
      if (columns.timestamps.length === 0) continue;
      const id = Number(seriesId);
      const list = found.get(id);
      if (list === undefined) found.set(id, [{ seq, columns }]);
      else list.push({ seq, columns });
    }
    // Other requests get their turn between parts of a large answer.
    await pause();
  }
  return new Map(
    [...found].map(([id, parts]) => [
      id,
      parts.sort((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0)).map((p) => p.columns),
    ]),
  );
}

function clip({ timestamps, values }: Columns, { from, to }: TimeRange): Columns {
  let start = 0;
  let end = timestamps.length;
  while (start < end && (timestamps[start] as number) < from) start++;
  while (end > start && (timestamps[end - 1] as number) > to) end--;
  return { timestamps: timestamps.subarray(start, end), values: values.subarray(start, end) };
}
