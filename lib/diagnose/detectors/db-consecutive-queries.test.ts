import { describe, expect, test } from 'vitest';
import { database, draftsOf, evidenceOf, repeat, traceOf } from '../evidence.testing.ts';
import { dbConsecutiveQueries } from './db-consecutive-queries.ts';

interface Call {
  sql: string;
  at: number;
  ms: number;
}
const detect = (calls: readonly Call[], requestMs: number) =>
  draftsOf(
    dbConsecutiveQueries,
    evidenceOf({
      traces: repeat(4, (r) =>
        traceOf(r * 5000, (span) => {
          const entry = span({ name: 'GET /report', kind: 'server', ms: requestMs });
          for (const c of calls)
            span({ kind: 'client', parent: entry, at: c.at, ms: c.ms, attributes: database(c.sql) });
        }),
      ),
    }),
  );
const a = { sql: 'select id from customers', at: 0, ms: 200 };
const b = { sql: 'select id from orders', at: 200, ms: 200 };

describe('db-consecutive-queries', () => {
  test('fires on independent reads in a row and tells the saving', () => {
    const [draft] = detect([a, b], 420);
    expect(draft?.impact.savedMs).toBeCloseTo(200);
    expect(draft?.severity).toBe('warning');
  });
  test('is advice when the saving is small', () => {
    expect(detect([a, b], 1500)[0]?.severity).toBe('info');
  });
  test.each<[string, Call[], number]>([
    [
      'the second may need the first',
      [a, { ...b, sql: 'select id from orders where customer_id = $1' }],
      420,
    ],
    ['already at once', [a, { ...b, at: 10 }], 420],
    ['work between them', [a, { ...b, at: 300 }], 520],
    ['saves less than 100 ms', [a, { ...b, ms: 90 }], 420],
    ['saves less than a tenth', [a, b], 3000],
    ['the same statement twice', [a, { ...a, at: 200 }], 420],
    [
      'inside a transaction',
      [
        { sql: 'BEGIN', at: 0, ms: 1 },
        { ...a, at: 1 },
        { ...b, at: 201 },
      ],
      420,
    ],
    ['writes', [a, { ...b, sql: 'insert into log values (1)' }], 420],
    ['one query', [a], 420],
  ])('silent: %s', (_, calls, requestMs) => {
    expect(detect(calls, requestMs)).toEqual([]);
  });
});
