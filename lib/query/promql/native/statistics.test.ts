import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';
import { exponentialBound, filledBuckets } from './bucket-bounds.ts';
import { exponential as anyExponential, custom, histogramOf, run } from './native.testing.ts';
import { histogramFraction, histogramQuantile, histogramVariance } from './statistics.ts';
import { trimmed } from './trim.ts';

/** None of its buckets inside the zero bucket. */
const exponential = anyExponential.map((h) => ({ ...h, zeroThreshold: Math.min(h.zeroThreshold, 0.001) }));

const four = histogramOf({ count: 4, sum: 5, positive: run(0, 1, 2, 1) });
const byHand = histogramOf({
  schema: CUSTOM_BUCKETS,
  customValues: Float64Array.of(5, 10),
  count: 10,
  sum: 60,
  positive: run(0, 2, 4, 4),
});

describe('estimates', () => {
  test('bounds from the smallest to the largest float', () => {
    expect(exponentialBound(2, 0)).toBe(4);
    expect(exponentialBound(1, 1)).toBeCloseTo(Math.SQRT2, 14);
    expect(exponentialBound(-1074, 0)).toBe(Number.MIN_VALUE);
    expect(exponentialBound(1024, 0)).toBe(Number.MAX_VALUE);
    expect(exponentialBound(1024 * 256 - 1, 8)).toBeLessThan(Number.MAX_VALUE);
    expect(exponentialBound(4, -2)).toBe(2 ** 16);
  });

  test('interpolation is exponential, and linear in custom and zero buckets', () => {
    expect(histogramQuantile(0.5, four).value).toBeCloseTo(Math.SQRT2, 12);
    expect(histogramQuantile(0.4, byHand).value).toBeCloseTo(7.5, 12);
    expect(histogramQuantile(0.1, byHand).value).toBeCloseTo(2.5, 12);
    expect(histogramQuantile(0.99, byHand).value).toBe(10);
    const zero = histogramOf({ count: 10, zeroCount: 10, zeroThreshold: 1 });
    expect(histogramQuantile(0.5, zero).value).toBe(0);
    const mirrored = { ...four, positive: four.negative, negative: four.positive };
    expect(histogramQuantile(0.5, mirrored).value).toBeCloseTo(-Math.SQRT2, 12);
    expect(histogramFraction(1, 2, four).value).toBe(0.5);
    expect(histogramFraction(-Infinity, 7.5, byHand).value).toBeCloseTo(0.4, 12);
    expect(histogramVariance(histogramOf({ count: 2, sum: 0, zeroCount: 2 }))).toBe(0);
  });

  test('NaN observations, which no bucket holds, are told', () => {
    const histogram = { ...four, count: 8, sum: Number.NaN };
    expect(histogramQuantile(0.9, histogram)).toEqual({ value: Number.NaN, nan: 'nan-result' });
    expect(histogramQuantile(0.25, histogram).nan).toBe('skewed');
    expect(histogramFraction(-Infinity, Infinity, histogram)).toEqual({ value: 0.5, nan: 'excluded' });
  });

  test('quantiles ascend, and fractions are their inverse', () => {
    fc.assert(
      fc.property(fc.oneof(exponential, custom), (histogram) => {
        fc.pre(histogram.count > 0);
        let before = Number.NEGATIVE_INFINITY;
        for (const q of [0, 0.1, 0.3, 0.49, 0.5, 0.7, 0.9, 1]) {
          const { value } = histogramQuantile(q, histogram);
          expect(value).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(before));
          before = value;
        }
        const all = histogramFraction(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, histogram);
        expect(all.value).toBe(1);
      }),
    );
  });
});

describe('trimming', () => {
  test('at a bound, inside a bucket, and not at all', () => {
    expect(trimmed(four, 2, 'upper')).toMatchObject({
      count: 3,
      positive: { counts: Float64Array.of(1, 2) },
    });
    expect(trimmed(four, 2, 'lower')).toMatchObject({ count: 1 });
    expect(trimmed(four, Math.SQRT2, 'upper').count).toBeCloseTo(2, 12);
    expect(trimmed(byHand, 7.5, 'upper')).toMatchObject({ count: 4, sum: 2 * 2.5 + 2 * 6.25 });
    expect(trimmed(four, 100, 'upper')).toBe(four);
    expect(trimmed(four, Number.NEGATIVE_INFINITY, 'lower')).toBe(four);
    expect(trimmed(four, Number.NaN, 'upper')).toMatchObject({ count: 0, sum: 0 });
  });

  test('what one end keeps the other drops, inside finite buckets', () => {
    fc.assert(
      fc.property(exponential, fc.double({ min: -20, max: 20, noNaN: true }), (histogram, at) => {
        const below = trimmed(histogram, at, 'upper').count;
        const above = trimmed(histogram, at, 'lower').count;
        expect(below + above).toBeCloseTo(histogram.count, 6);
        expect(filledBuckets(trimmed(histogram, at, 'upper')).every(([, , , count]) => count > 0)).toBe(true);
      }),
    );
  });
});
