import { type Database, rawSql } from '../database.ts';
import type { LogRow } from '../head.ts';

const COLUMNS = ['id', 'signal', 'receivedAt', 'data'];

/** Puts rows on disk in one commit. */
export async function insertRows(db: Database, rows: readonly LogRow[]): Promise<undefined> {
  await rawSql(db).insert(
    'Batch',
    COLUMNS,
    rows.map(({ id, signal, receivedAt, data }) => [id, signal, receivedAt, data]),
  );
}
