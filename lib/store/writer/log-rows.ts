import type { Database } from '../database.ts';
import type { LogRow } from '../head.ts';

/** Puts rows on disk in one commit. */
export async function insertRows(db: Database, rows: readonly LogRow[]): Promise<undefined> {
  await db.batch.createMany({
    data: rows.map((row) => ({
      id: BigInt(row.id),
      signal: row.signal,
      receivedAt: BigInt(row.receivedAt),
      data: row.data,
    })),
  });
}
