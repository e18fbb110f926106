import { setImmediate as pause } from 'node:timers/promises';
import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeChunkInto } from '../codec/chunk.ts';
import type { Database } from '../database.ts';
import { CHUNK_BLOCK_MS, columnTime } from '../resting.ts';
import { type Columns, joinColumns } from './sample-arena.ts';

/** Series asked for in one query. */
const SERIES_AT_ONCE = 500;

interface Row {
  readonly seq: bigint;
  readonly count: number;
  readonly data: Uint8Array;
}

/** Resting samples within the range, by series id. */
export async function readChunks(
  db: Database,
  ids: readonly number[],
  range: TimeRange,
): Promise<Map<number, Columns>> {
  const found = new Map<number, Columns>();
  for (let i = 0; i < ids.length; i += SERIES_AT_ONCE) {
    const rows = await db.chunk.findMany({
      where: {
        seriesId: { in: ids.slice(i, i + SERIES_AT_ONCE).map(BigInt) },
        // A chunk spans at most one block: none that starts earlier can reach into the range.
        start: { gt: columnTime(range.from - CHUNK_BLOCK_MS), lte: columnTime(range.to) },
        end: { gte: columnTime(range.from) },
      },
      orderBy: [{ seriesId: 'asc' }, { start: 'asc' }],
      select: { seriesId: true, seq: true, count: true, data: true },
    });
    for (const [id, list] of Map.groupBy(rows, (row) => row.seriesId)) {
      const columns = clip(decodeSeries(list), range);
      if (columns.timestamps.length > 0) found.set(Number(id), columns);
    }
    // Other requests get their turn between parts of a large answer.
    await pause();
  }
  return found;
}

/** @param rows one series' chunks by start */
function decodeSeries(rows: readonly Row[]): Columns {
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  const timestamps = new Float64Array(total);
  const values = new Float64Array(total);
  let at = 0;
  let inOrder = true;
  const parts = rows.map(({ seq, count, data }) => {
    const columns = {
      timestamps: timestamps.subarray(at, at + count),
      values: values.subarray(at, at + count),
    };
    decodeChunkInto(data, columns);
    if (at > 0 && !((timestamps[at - 1] as number) < (timestamps[at] as number))) inOrder = false;
    at += count;
    return { seq, columns };
  });
  // The usual case: the chunks follow one another and stand in memory as they should already.
  if (inOrder) return { timestamps, values };
  parts.sort((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
  // Late samples: of two for one time, the one written first stays.
  return joinColumns(parts.map((p) => p.columns)) ?? { timestamps, values };
}

function clip({ timestamps, values }: Columns, { from, to }: TimeRange): Columns {
  let start = 0;
  let end = timestamps.length;
  while (start < end && (timestamps[start] as number) < from) start++;
  while (end > start && (timestamps[end - 1] as number) > to) end--;
  return { timestamps: timestamps.subarray(start, end), values: values.subarray(start, end) };
}
