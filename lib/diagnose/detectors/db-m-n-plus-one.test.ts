import { describe, expect, test } from 'vitest';
import { database, draftsOf, evidenceOf, repeat, traceOf } from '../evidence.testing.ts';
import { dbMNPlusOne } from './db-m-n-plus-one.ts';

const STATEMENTS = [
  'select a from t1 where id = $1',
  'select b from t2 where id = $1',
  'select c from t3 where id = $1',
];

const detect = (order: readonly number[], ms = 10, requestMs = 500, n = 4) =>
  draftsOf(
    dbMNPlusOne,
    evidenceOf({
      traces: repeat(n, (r) =>
        traceOf(r * 1000, (span) => {
          const entry = span({ name: 'GET /orders', kind: 'server', ms: requestMs });
          order.forEach((s, i) => {
            span({
              kind: 'client',
              parent: entry,
              at: 1 + i * ms,
              ms,
              attributes: database(STATEMENTS[s] ?? ''),
            });
          });
        }),
      ),
    }),
  );

describe('db-m-n-plus-one', () => {
  test.each([
    ['two statements, three rounds', [0, 1, 0, 1, 0, 1]],
    ['three statements, four rounds', [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]],
    ['after another query', [2, 0, 1, 0, 1, 0, 1]],
  ])('fires: %s', (_, order) => {
    expect(detect(order)).toHaveLength(1);
  });

  test.each([
    ['two rounds', [0, 1, 0, 1], 20],
    ['one statement only: that is N+1', [0, 0, 0, 0, 0, 0], 10],
    ['no pattern', [0, 1, 1, 2, 0, 2], 10],
    ['fast', [0, 1, 0, 1, 0, 1], 2],
    ['nothing', [], 10],
  ])('silent: %s', (_, order, ms) => {
    expect(detect(order, ms)).toEqual([]);
  });

  test('a small share of the request is silent', () => {
    expect(detect([0, 1, 0, 1, 0, 1], 10, 5000)).toEqual([]);
  });

  test('tells rounds and statements', () => {
    const [draft] = detect([0, 1, 0, 1, 0, 1]);
    expect(draft?.title).toBe('shop: 2 queries repeat 3 times per request (GET /orders)');
    expect(draft?.evidence[0]?.spanIds).toHaveLength(6);
  });
});
