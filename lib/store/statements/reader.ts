import type { StatementDigest } from '#lib/model/digest.ts';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import type { StoreState } from '../state.ts';
import type { StatementReader } from '../store.ts';
import { readNotices, readStatementStatistics } from './resting.ts';
import { type StatementFilter, StatementTable } from './statement-table.ts';

export class StoredStatementReader implements StatementReader {
  private readonly db: Database;
  private readonly state: StoreState;

  constructor(db: Database, state: StoreState) {
    this.db = db;
    this.state = state;
  }

  async digests(range: TimeRange, filter: StatementFilter = {}): Promise<StatementDigest[]> {
    const view = this.state.view();
    const table = new StatementTable();
    for (const digest of await readStatementStatistics(this.db, view.horizon, range, filter))
      table.merge(digest, range);
    for (const head of view.heads)
      for (const digest of head.statements.list(filter)) table.merge(digest, range);
    return table.list(filter);
  }

  async notices(range: TimeRange, filter: { service?: string } = {}): Promise<DatabaseNotice[]> {
    const view = this.state.view();
    const resting = await readNotices(this.db, view.horizon, range);
    return [...resting, ...view.heads.flatMap((head) => head.notices)]
      .filter((n) => n.at >= range.from && n.at <= range.to)
      .filter((n) => filter.service === undefined || n.service === filter.service)
      .sort((a, b) => a.at - b.at);
  }
}
