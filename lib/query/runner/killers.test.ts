import { expect, test } from 'vitest';
import { Fault } from '#lib/model/fault.ts';
import { diedOfLimits, Killers } from './killers.ts';

const MINUTE = 60_000;

test('a query is refused for five minutes once it died three times in a row', () => {
  const killers = new Killers();
  killers.died('a', 'too long', 0);
  killers.died('a', 'too long', 1000);
  expect(() => killers.check('a', 1000)).not.toThrow();
  killers.died('a', 'too long', 2000);
  expect(() => killers.check('a', 2000)).toThrow(/refused for another 300 s: too long/);
  expect(() => killers.check('b', 2000)).not.toThrow();
  expect(() => killers.check('a', 2000 + 5 * MINUTE)).not.toThrow();
  killers.died('a', 'too long', 3000 + 5 * MINUTE);
  expect(() => killers.check('a', 3000 + 5 * MINUTE)).not.toThrow();
});

test('an answer in between, or a long time, begins the count anew', () => {
  const killers = new Killers();
  for (const at of [0, 1]) killers.died('a', 'x', at);
  killers.lived('a');
  for (const at of [2, 3]) killers.died('a', 'x', at);
  killers.died('a', 'x', 10 * MINUTE);
  expect(() => killers.check('a', 10 * MINUTE)).not.toThrow();
});

test.each([
  [new Fault(503, 'timeout', 'query timed out in expression evaluation'), true],
  [new Fault(422, 'too-many-samples', 'x'), true],
  [new Fault(422, 'execution', 'query processing would load too many samples into memory'), true],
  [new Fault(422, 'execution', 'found duplicate series'), false],
  [new Fault(400, 'bad_data', 'x'), false],
  [new Fault(499, 'canceled', 'x'), false],
])('%s', (fault, died) => {
  expect(diedOfLimits(fault)).toBe(died);
});
