import type { StatementDigest } from '#lib/model/digest.ts';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeJson } from '../codec/json.ts';
import { decodeStatementStatistics } from '../codec/statement-statistics.ts';
import type { Database } from '../database.ts';
import { columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import { keyText } from '../text.ts';
import type { StatementFilter } from './statement-table.ts';

const startingIn = (range: TimeRange) => ({
  gt: columnTime(range.from - STATISTICS_BLOCK_MS),
  lte: columnTime(range.to),
});

export async function readStatementStatistics(
  db: Database,
  horizon: bigint,
  range: TimeRange,
  filter: StatementFilter,
): Promise<StatementDigest[]> {
  const rows = await db.statementStatistics.findMany({
    where: {
      ...(filter.fingerprint === undefined ? {} : { fingerprint: keyText(filter.fingerprint) }),
      start: startingIn(range),
      seq: { lte: horizon },
    },
    select: { fingerprint: true, data: true },
  });
  const texts = await readTexts(db, [...new Set(rows.map((row) => row.fingerprint))]);
  return rows.flatMap(({ fingerprint, data }) =>
    decodeStatementStatistics(fingerprint, texts.get(fingerprint) ?? '', data),
  );
}

async function readTexts(db: Database, fingerprints: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let i = 0; i < fingerprints.length; i += 500) {
    const rows = await db.statementText.findMany({
      where: { fingerprint: { in: fingerprints.slice(i, i + 500) } },
    });
    for (const { fingerprint, text } of rows) texts.set(fingerprint, text);
  }
  return texts;
}

export async function readNotices(
  db: Database,
  horizon: bigint,
  range: TimeRange,
): Promise<DatabaseNotice[]> {
  const rows = await db.noticeBlock.findMany({
    where: { start: startingIn(range), seq: { lte: horizon } },
    orderBy: [{ start: 'asc' }, { seq: 'asc' }],
    select: { data: true },
  });
  return rows.flatMap(({ data }) => decodeJson<DatabaseNotice[]>(data));
}
