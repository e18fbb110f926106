import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sketch } from './sketch.ts';

const sketchOf = (values: readonly number[]): Sketch => {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
};
const positive = fc.double({ min: 1e-5, max: 1e9, noNaN: true });

describe('sketch', () => {
  test('any quantile is within 1 % of the nearest-rank value', () => {
    fc.assert(
      fc.property(
        fc.array(positive, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
          const found = sketchOf(values).quantile(q) ?? Number.NaN;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.0101);
        },
      ),
    );
  });

  test('merging gives what adding all to one would', () => {
    fc.assert(
      fc.property(fc.array(positive), fc.array(positive), (a, b) => {
        const merged = sketchOf(a);
        merged.merge(sketchOf(b));
        const whole = sketchOf([...a, ...b]);
        expect(merged.counts).toEqual(whole.counts);
        expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max]);
        expect(merged.sum).toBeCloseTo(whole.sum, -3);
      }),
    );
  });

  test.each([
    ['nothing', [], 0.5, undefined],
    ['one value, exactly', [42], 0.5, 42],
    ['the largest, exactly', [1, 2, 3.3], 1, 3.3],
    ['zeros', [0, 0, 0], 0.5, 0],
    ['the least, within its bucket', [5, 5, 5, 9], 0, 5],
  ])('%s', (_, values, q, expected) => {
    const found = sketchOf(values).quantile(q);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 1);
  });

  test('share at or below a limit', () => {
    expect(sketchOf([1, 2, 3, 400]).shareAtMost(10)).toBe(0.75);
    expect(sketchOf([]).shareAtMost(10)).toBe(0);
    expect(sketchOf([0, 5]).shareAtMost(0)).toBe(0.5);
  });

  test('weights count as many values', () => {
    const sketch = new Sketch();
    sketch.add(2, 3);
    expect([sketch.count, sketch.sum]).toEqual([3, 6]);
  });
});
