import { rawSql } from '../database.ts';
import type { Shop } from './shop.ts';

/** 4 kB each: what the log needs again and again is not worth giving back. */
const KEPT_PAGES = 128;
const KEPT_SHARE = 0.05;
const PAGES_AT_ONCE = 500;

/**
 * Gives pages of the SQLite file that joining and dropping left free back to the system, a few at a time: without it
 * the file stays as large as it ever was.
 */
export async function giveBackPages({ db, turns, sqlite }: Shop): Promise<void> {
  if (!sqlite) return;
  const pragma = async (name: string): Promise<number> => {
    const [row] = await db.$queryRawUnsafe<Record<string, bigint>[]>(`PRAGMA ${name}`);
    return Number(Object.values(row ?? {})[0] ?? 0);
  };
  let given = false;
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const free = await turns.take(async () => {
      const pages = await pragma('freelist_count');
      if (pages <= Math.max(KEPT_PAGES, (await pragma('page_count')) * KEPT_SHARE)) return 0;
      // As a query it would end after one page.
      await rawSql(db).script(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
      return pages;
    });
    // A file of older versions cannot give any back.
    if (free === 0 || free >= before) break;
    before = free;
    given = true;
  }
  if (given) await turns.take(() => truncateLog(db));
}

/** Puts what SQLite's own log holds into the file; not now, when someone reads. */
async function truncateLog(db: Shop['db']): Promise<void> {
  await db.$queryRawUnsafe('PRAGMA busy_timeout = 10');
  try {
    await db.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await db.$queryRawUnsafe('PRAGMA busy_timeout = 10000');
  }
}
