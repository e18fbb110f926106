import { expect, test } from 'vitest';
import { FAULTS, findFault } from './faults.ts';

test('names are unique and findable, and the harmless deploy alone expects no finding', () => {
  expect(new Set(FAULTS.map((fault) => fault.name)).size).toBe(FAULTS.length);
  for (const fault of FAULTS) expect(findFault(fault.name)).toBe(fault);
  expect(findFault('__proto__')).toBeUndefined();
  expect(FAULTS.filter((fault) => fault.detector === undefined).map((fault) => fault.name)).toEqual([
    'good-deploy',
  ]);
});
