import type { StatementDigest } from '#lib/model/digest.ts';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import type { StatementFilter } from './statement-table.ts';

export async function readStatementStatistics(
  _db: Database,
  _horizon: bigint,
  _range: TimeRange,
  _filter: StatementFilter,
): Promise<StatementDigest[]> {
  return [];
}

export async function readNotices(
  _db: Database,
  _horizon: bigint,
  _range: TimeRange,
): Promise<DatabaseNotice[]> {
  return [];
}
