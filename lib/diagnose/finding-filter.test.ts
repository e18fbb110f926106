import { expect, test } from 'vitest';
import { parseFindingFilter } from './finding-filter.ts';

const parse = (query: string) => parseFindingFilter(new URLSearchParams(query), 1_000_000);

test.each([
  ['', {}],
  ['state=open&service=a&detector=d', { state: 'open', service: 'a', detector: 'd' }],
  ['from=10&to=20', { range: { from: 10, to: 20 } }],
])('%s', (query, filter) => {
  expect(parse(query)).toEqual(filter);
});

test('an unknown state and a bad time are told', () => {
  expect(() => parse('state=closed')).toThrow(/write open or resolved/);
  expect(() => parse('from=yesterday')).toThrow(/not a time/);
});
