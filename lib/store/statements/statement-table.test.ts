import { describe, expect, test } from 'vitest';
import { makeRun } from '../testing/telemetry.ts';
import { MAX_EXAMPLES, StatementTable } from './statement-table.ts';

const at = Date.UTC(2026, 0, 1);

describe('statement table', () => {
  test('adds up by shape, place and minute', () => {
    const table = new StatementTable();
    table.add(makeRun({ at, durationMs: 10, rowsExamined: 100, rowsSent: 1, lockMs: 2, tempBytes: 8 }));
    table.add(makeRun({ at: at + 59_999, durationMs: 30 }));
    table.add(makeRun({ at: at + 60_000, durationMs: 5 }));
    table.add(makeRun({ at, durationMs: 1, database: 'other' }));
    const [digest, other] = table.list();
    expect(digest?.buckets).toMatchObject([
      {
        at,
        durations: { count: 2, sum: 40 },
        rowsExamined: 100,
        rowsSent: 1,
        lockMs: 2,
        tempBytes: 8,
        callsWithRows: 1,
      },
      { at: at + 60_000, durations: { count: 1 }, callsWithRows: 0 },
    ]);
    expect(other?.database).toBe('other');
    expect(table.list({ database: 'other' })).toHaveLength(1);
    expect(table.list({ service: 'none' })).toEqual([]);
  });

  test('keeps the slowest examples, slowest first, whichever table they came by', () => {
    const tables = [new StatementTable(), new StatementTable()];
    for (let i = 0; i < 20; i++) tables[i % 2]?.add(makeRun({ at: at + i, durationMs: (i * 7) % 20 }));
    const sum = new StatementTable();
    for (const table of tables) for (const digest of table.list()) sum.merge(digest);
    expect(sum.list()[0]?.examples.map((e) => e.durationMs)).toEqual([19, 18, 17, 16, 15]);
    expect(MAX_EXAMPLES).toBe(5);
  });

  test('a range takes buckets that overlap it and their examples', () => {
    const table = new StatementTable();
    for (const minute of [0, 1, 2]) table.add(makeRun({ at: at + minute * 60_000 }));
    const part = new StatementTable();
    for (const digest of table.list()) part.merge(digest, { from: at + 60_000, to: at + 119_999 });
    expect(part.list()[0]).toMatchObject({ buckets: [{ at: at + 60_000 }], examples: [{ at: at + 60_000 }] });
  });
});
