import { describe, expect, test } from 'vitest';
import { hashFraction, xxh64 } from './labels-hash.ts';

describe('XXH64', () => {
  test.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['as', 0x1c330fb2d66be179n],
    ['asdf', 0x415872f599cea71en],
    ['Call me Ishmael. Some years ago--never mind how long precisely-', 0x02a2e85470d6fd96n],
  ])('of %j', (text, hash) => {
    expect(xxh64(Buffer.from(text))).toBe(hash);
  });

  test('of labels: a fraction, and another for other labels', () => {
    const fractions = ['a', 'b', 'x'.repeat(300)].map((value) => hashFraction([['l', value]]));
    expect(new Set(fractions).size).toBe(3);
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });
});
