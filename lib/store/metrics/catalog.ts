import type { Labels } from '#lib/model/labels.ts';
import { unpackLabels } from '../codec/group-labels.ts';
import { type GroupTimes, unpackTimes } from '../codec/group-times.ts';
import { type Database, rawSql } from '../database.ts';
import { rawBytes, rawNumber } from '../raw-sql.ts';
import { SliceOfTime } from '../slice-of-time.ts';

/** Groups whose label sets are kept at hand. */
const KEPT = 1024;
const READ_AT_ONCE = 128;

/** Who belongs to a group, by place; of active series the times are behind. */
export interface GroupMembers {
  readonly labels: readonly Labels[];
  readonly times: GroupTimes;
}

/** The members of groups, read when they are asked for. */
export class Catalog {
  private readonly db: Database;
  /** Ascending by when they were asked for last. */
  private readonly known = new Map<number, GroupMembers>();

  constructor(db: Database) {
    this.db = db;
  }

  /** Calls `visit` for each of the groups that has a row, some at a time. */
  async members(
    ids: readonly number[],
    visit: (group: number, members: GroupMembers) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const slice = new SliceOfTime();
    for (let i = 0; i < ids.length; i += READ_AT_ONCE) {
      const part = ids.slice(i, i + READ_AT_ONCE);
      const read = await this.read(part.filter((id) => !this.known.has(id)));
      for (const id of part) {
        const row = read.get(id);
        const members = row === undefined ? this.known.get(id) : decodeMembers(row);
        if (members === undefined) continue;
        this.keep(id, members);
        visit(id, members);
        if (slice.over()) {
          await slice.next();
          signal?.throwIfAborted();
        }
      }
    }
  }

  forget(ids: Iterable<number>): void {
    for (const id of ids) this.known.delete(id);
  }

  private async read(ids: readonly number[]): Promise<Map<number, MembersRow>> {
    if (ids.length === 0) return new Map();
    const rows = await rawSql(this.db).query(
      `SELECT "id", "labels", "times" FROM "SeriesGroup" WHERE "id" IN (${ids.map(() => '?').join(',')})`,
      ids,
    );
    return new Map(
      rows.map(([id, labels, times]) => [
        rawNumber(id),
        { labels: rawBytes(labels), times: rawBytes(times) },
      ]),
    );
  }

  private keep(id: number, members: GroupMembers): void {
    this.known.delete(id);
    this.known.set(id, members);
    if (this.known.size <= KEPT) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }
}

interface MembersRow {
  readonly labels: Uint8Array;
  readonly times: Uint8Array;
}

export const decodeMembers = ({ labels, times }: MembersRow): GroupMembers => ({
  labels: unpackLabels(labels),
  times: unpackTimes(times),
});
