import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortInTurns, sortTexts } from './sort-texts.ts';

test('sorts as sort() does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary', maxLength: 3 }), { maxLength: 50 }),
      async (texts) => {
        expect(await sortTexts(texts)).toEqual([...texts].sort());
      },
    ),
  );
  const many = Array.from({ length: 20_000 }, (_, i) => String((i * 7919) % 20_011));
  expect(await sortTexts(new Set(many))).toEqual([...many].sort());
  const order = (a: string, b: string) => Number(b) - Number(a);
  expect(await sortInTurns(many, order)).toEqual([...many].sort(order));
});
