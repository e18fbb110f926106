import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';
import { combined, divided, equal, scaled } from './arithmetic.ts';
import { filledBuckets } from './bucket-bounds.ts';
import { custom, exponential, histogramOf, run } from './native.testing.ts';
import { isReset } from './reset.ts';
import { histogramText } from './text.ts';
import { HistogramTotal, meanOf } from './total.ts';

const inBuckets = (histogram: NativeHistogram): number =>
  filledBuckets(histogram).reduce((sum, [, , , count]) => sum + count, 0);

const twoOfAKind = fc.oneof(fc.tuple(exponential, exponential), fc.tuple(custom, custom));

describe('adding and subtracting', () => {
  test('schemas meet at the lower resolution, zero buckets at the wider', () => {
    const fine = histogramOf({ schema: 1, count: 4, positive: run(1, 1, 1, 1, 1) });
    const coarse = histogramOf({ count: 3, zeroThreshold: 1, zeroCount: 1, positive: run(1, 2) });
    const sum = combined(fine, coarse, 1)?.histogram;
    expect(sum && histogramText(sum)).toBe('{count:7, sum:0, [-1,1]:1, (1,2]:4, (2,4]:2}');
    expect(sum).toMatchObject({ schema: 0, zeroThreshold: 1 });
  });

  test('a zero bucket that would cut a filled bucket takes it whole', () => {
    const narrow = histogramOf({ count: 2, positive: run(0, 2) });
    const wide = histogramOf({ count: 1, zeroThreshold: 0.6, zeroCount: 1 });
    const sum = combined(narrow, wide, 1)?.histogram;
    expect(sum).toMatchObject({ zeroThreshold: 1, zeroCount: 3, count: 3 });
  });

  test('custom bounds meet at those they share', () => {
    const of = (bounds: number[], ...counts: number[]) =>
      histogramOf({
        schema: CUSTOM_BUCKETS,
        customValues: Float64Array.from(bounds),
        positive: run(0, ...counts),
        count: counts.reduce((a, b) => a + b),
      });
    const sum = combined(of([1, 2, 5], 1, 2, 3, 4), of([2, 3], 10, 20, 30), 1);
    expect(sum?.reconciled).toBe(true);
    expect(sum && histogramText(sum.histogram)).toBe('{count:70, sum:0, [-Inf,2]:13, (2,+Inf]:57}');
    expect(combined(of([1], 1, 1), histogramOf({}), 1)).toBeUndefined();
  });

  test('no observation is lost or made, and what was added can be taken away', () => {
    fc.assert(
      fc.property(twoOfAKind, ([a, b]) => {
        const sum = combined(a, b, 1);
        expect(sum).toBeDefined();
        if (!sum) return;
        expect(sum.histogram.count).toBe(a.count + b.count);
        expect(inBuckets(sum.histogram)).toBe(inBuckets(a) + inBuckets(b));
        const back = combined(sum.histogram, b, -1);
        expect(back && [back.histogram.count, inBuckets(back.histogram)]).toEqual([a.count, inBuckets(a)]);
        const nothing = combined(a, a, -1);
        expect(nothing && filledBuckets(nothing.histogram)).toEqual([]);
      }),
    );
  });

  test('a running total is what adding one by one gives', () => {
    const several = fc.oneof(fc.array(exponential, { minLength: 1 }), fc.array(custom, { minLength: 1 }));
    fc.assert(
      fc.property(several, (histograms) => {
        const [first, ...others] = histograms;
        if (!first) return;
        const total = new HistogramTotal(first);
        let sum = first;
        for (const other of others) {
          expect(total.add(other)).toBe(true);
          sum = combined(sum, other, 1)?.histogram ?? sum;
        }
        expect(histogramText(total.value())).toBe(histogramText(sum));
        expect(total.value(2).count).toBe(sum.count / 2);
      }),
    );
  });
});

describe('the rest', () => {
  test('small parts survive beside large ones, and means beyond the largest float', () => {
    const of = (count: number) => histogramOf({ count, sum: count, positive: run(0, count) });
    const total = new HistogramTotal(of(1e16));
    for (let i = 0; i < 10; i++) total.add(of(1));
    total.add(of(-1e16));
    expect(total.value()).toMatchObject({ count: 10, sum: 10 });
    const huge = [of(1.5e308), of(1.5e308)];
    const overflowing = new HistogramTotal(of(1.5e308));
    overflowing.add(of(1.5e308));
    expect(meanOf(huge, overflowing).count).toBe(1.5e308);
  });

  test('negative factors make gauges; zero as divisor leaves no buckets', () => {
    const histogram = histogramOf({ count: 2, sum: 3, counterReset: 'not-reset', positive: run(0, 2) });
    expect(scaled(histogram, 2)).toMatchObject({ count: 4, sum: 6, counterReset: 'not-reset' });
    expect(scaled(histogram, -1)).toMatchObject({ count: -2, counterReset: 'gauge' });
    expect(divided(histogram, 0)).toMatchObject({ count: Infinity, positive: { spans: [] } });
  });

  test('equal means the same data, whatever the spans and the hint', () => {
    const a = histogramOf({ count: 2, positive: run(0, 1, 1) });
    const spans = [
      { offset: 0, length: 1 },
      { offset: 0, length: 1 },
    ];
    expect(equal(a, { ...a, counterReset: 'gauge', positive: { spans, counts: a.positive.counts } })).toBe(
      true,
    );
    expect(equal(a, { ...a, positive: run(0, 1, 1, 0) })).toBe(false);
    expect(equal(a, { ...a, sum: 1 })).toBe(false);
  });

  test.each<[string, Partial<NativeHistogram>, Partial<NativeHistogram>, boolean]>([
    ['counts that grow', { count: 3, positive: run(0, 3) }, { count: 2, positive: run(0, 2) }, false],
    [
      'a bucket that shrinks',
      { count: 3, positive: run(0, 1, 2) },
      { count: 3, positive: run(0, 2, 1) },
      true,
    ],
    ['a bucket that went', { count: 3, positive: run(1, 3) }, { count: 1, positive: run(0, 1) }, true],
    [
      'an empty bucket that went',
      { count: 3, positive: run(1, 3) },
      { count: 1, positive: run(0, 0, 1) },
      false,
    ],
    ['a finer schema', { schema: 1, count: 3 }, { count: 2 }, true],
    [
      'a coarser schema',
      { count: 3, positive: run(1, 3) },
      { schema: 1, count: 2, positive: run(1, 1, 1) },
      false,
    ],
    ['a narrower zero bucket', { count: 3, zeroThreshold: 0.1 }, { count: 2, zeroThreshold: 1 }, true],
    [
      'a wider zero bucket',
      { count: 3, zeroThreshold: 1, zeroCount: 3 },
      { count: 2, positive: run(0, 2) },
      false,
    ],
    ['the hint that it is', { count: 3, counterReset: 'reset' }, { count: 2 }, true],
    ['the hint that it is not', { count: 1, counterReset: 'not-reset' }, { count: 2 }, false],
  ])('a reset: %s', (_, current, previous, expected) => {
    expect(isReset(histogramOf(current), histogramOf(previous))).toBe(expected);
  });
});
