import { describe, expect, test } from 'vitest';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import { digest, draftsOf, evidenceOf, repeat, T0 } from '../evidence.testing.ts';
import { dbLockContention } from './db-lock-contention.ts';

const SQL = 'update stock set reserved = reserved + 1 where product_id = 3';
const { fingerprint, text } = digest(SQL, []);
const notice = (i: number, parts: Partial<DatabaseNotice> = {}): DatabaseNotice => ({
  at: T0 + 10_000 + i * 1000,
  kind: 'lock-acquired',
  system: 'postgresql',
  service: 'shop',
  instance: '',
  database: 'shop',
  message: 'process ? acquired ShareLock on transaction ? after ? ms',
  waitMs: 400,
  pid: 100 + i,
  fingerprint,
  text,
  ...parts,
});
const busy = (ms: number) => digest(SQL, [{ at: T0, durations: repeat(20, () => ms) }]);
const detect = (notices: readonly DatabaseNotice[], digests = [busy(100)]) =>
  draftsOf(dbLockContention, evidenceOf({ notices, digests }));

describe('db-lock-contention', () => {
  test('fires on logged waits, names table, statement and who holds the lock', () => {
    const [draft] = detect(
      repeat(5, (i) => notice(i, { kind: 'lock-wait', blockers: [77] })).concat(
        repeat(5, (i) => notice(i, { at: T0 + 40_000 })),
      ),
    );
    expect(draft?.subject).toMatchObject({ table: 'stock', query: fingerprint });
    expect(draft?.summary).toContain('process 77');
    expect(draft?.impact.requestsAffected).toBe(5);
  });
  test('waits that have not ended count', () => {
    expect(detect(repeat(4, (i) => notice(i, { kind: 'lock-wait', waitMs: 1000 })))).toHaveLength(1);
  });
  test('fires on the lock time of a MySQL slow log', () => {
    const drafts = detect([], [digest(SQL, [{ at: T0, durations: repeat(20, () => 100), lockMs: 1200 }])]);
    expect(drafts).toHaveLength(1);
  });
  test.each<[string, DatabaseNotice[], ReturnType<typeof busy>[]]>([
    ['two waits', [notice(0), notice(1)], [busy(100)]],
    ['short waits', repeat(5, (i) => notice(i, { waitMs: 50 })), [busy(100)]],
    ['below a tenth of the database time', repeat(5, (i) => notice(i)), [busy(2000)]],
    ['waits before the window', repeat(5, (i) => notice(i, { at: T0 - 60_000 })), [busy(100)]],
    ['other notices', repeat(5, (i) => notice(i, { kind: 'checkpoint' })), [busy(100)]],
    ['no data', [], []],
  ])('silent: %s', (_, notices, digests) => {
    expect(detect(notices, digests)).toEqual([]);
  });
});
