import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import type { Columns } from './sample-arena.ts';

export async function readChunks(
  _db: Database,
  _ids: readonly number[],
  _range: TimeRange,
): Promise<Map<number, Columns[]>> {
  return new Map();
}
