import { expect, test } from 'vitest';
import { parse } from '../promql/parse.ts';
import { print } from '../promql/print.ts';
import { lookAhead } from './look-ahead.ts';

const MINUTE = 60_000;
const looks = (query: string): number | undefined => {
  const expr = parse(query);
  return lookAhead(print(expr), expr);
};

test.each([
  ['1', 0],
  ['up', 0],
  ['up offset 1h', 0],
  ['up offset -10m', 10],
  ['sum(rate(x[2m])) / sum(up offset -1m)', 1],
  ['max_over_time(rate(x[5m] offset -1h)[1h:1m] offset 10m)', 50],
  ['quantile(scalar(q offset -2m), up)', 2],
  ['-(up)', 0],
  ['rate(x[5m] anchored)', 0],
])('%s looks %i min ahead', (query, minutes) => {
  expect(looks(query)).toBe(minutes * MINUTE);
});

test.each([
  'up @ end()',
  'up @ 1700000000',
  'rate(x[5m] @ start())',
  'max_over_time(up[1h:] @ end())',
  'sum(up) + up @ end()',
  'rate(x[step()])',
  'up * range()',
  'rate(x[5m] smoothed)',
])('the answer to %s depends on the range that is asked for', (query) => {
  expect(looks(query)).toBeUndefined();
});
