import { expect, test } from 'vitest';
import { parseQuery } from './syntax-tree.ts';

const tree = async (query: string): Promise<unknown> =>
  (await parseQuery(new URLSearchParams({ query })).json()).data;

const up = {
  type: 'vectorSelector',
  name: 'up',
  offset: 0,
  matchers: [{ name: '__name__', value: 'up', type: '=' }],
  timestamp: null,
  startOrEnd: null,
  anchored: false,
  smoothed: false,
};

test.each([
  ['up', up],
  ['-1.5e3', { type: 'numberLiteral', val: '-1500' }],
  ['-up', { type: 'unaryExpr', op: '-', expr: up }],
  ['"a"', { type: 'stringLiteral', val: 'a' }],
  ['(up)', { type: 'parenExpr', expr: up }],
  ['up offset -5m @ 10', { ...up, offset: -300_000, timestamp: 10_000 }],
  ['up @ end()', { ...up, startOrEnd: 'end' }],
  [
    'topk by (job) (3, up)',
    {
      type: 'aggregation',
      op: 'topk',
      expr: up,
      param: { type: 'numberLiteral', val: '3' },
      grouping: ['job'],
      without: false,
    },
  ],
  [
    'rate(up[5m])',
    {
      type: 'call',
      func: { name: 'rate', argTypes: ['matrix'], variadic: 0, returnType: 'vector' },
      args: [{ ...up, type: 'matrixSelector', range: 300_000 }],
    },
  ],
  [
    'up[1h:5m] @ start()',
    {
      type: 'subquery',
      expr: up,
      range: 3_600_000,
      step: 300_000,
      offset: 0,
      timestamp: null,
      startOrEnd: 'start',
    },
  ],
  [
    'up * on (a) group_left (b) up',
    {
      type: 'binaryExpr',
      op: '*',
      lhs: up,
      rhs: up,
      bool: false,
      matching: {
        card: 'many-to-one',
        labels: ['a'],
        on: true,
        include: ['b'],
        fillValues: { lhs: null, rhs: null },
      },
    },
  ],
  ['1 > bool 2', { type: 'binaryExpr', op: '>', bool: true, matching: null }],
  ['up and up', { matching: { card: 'many-to-many', on: false, labels: [] } }],
])('%s', async (query, expected) => {
  expect(await tree(query)).toMatchObject(expected);
});

test('a malformed query', () => {
  expect(() => parseQuery(new URLSearchParams({ query: 'up[' }))).toThrow(
    'invalid parameter "query": 1:4: parse error',
  );
});
