import { expect, test } from 'vitest';
import { parse } from '#lib/query/promql/parse.ts';
import { headOf, wordsOf } from './explore-words.ts';

test.each([
  ['sum by (le, job) (x)', 'sum by (le, job)', 'one result per le, job'],
  ['topk(5, x)', 'topk (5, …)', 'one result over all series'],
  ['histogram_quantile(0.95, x)', 'histogram_quantile(0.95, …)', /share of the observations/],
  ['a / on (job) group_left (zone) b', '/ on (job) group_left (zone)', /several of one/],
  ['a > bool b', '> bool', 'pairs the series of both sides by their labels'],
  [
    'x{a="b", c!~"d.*"} offset 5m',
    'x{a="b", c!~"d.*"} offset 5m',
    'series whose a is b and c does not match d.*, 5m earlier',
  ],
  ['x[5m]', 'x[5m]', 'all of its series: the samples of the last 5m'],
  ['x @ end()', 'x @ end()', 'all of its series, at the end of the range'],
])('%s', (query, head, words) => {
  const expr = parse(query);
  expect(headOf(expr)).toBe(head);
  expect(wordsOf(expr)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
});
