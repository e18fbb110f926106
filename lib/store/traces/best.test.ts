import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Best } from './best.ts';

test('the first of many are those of a full sort', () => {
  const descending = (a: number, b: number): number => b - a;
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (items, size) => {
      const best = new Best(descending, size);
      for (const item of items) best.add(item);
      expect(best.list()).toEqual(items.toSorted(descending).slice(0, size));
    }),
  );
});
