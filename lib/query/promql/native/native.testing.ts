import fc from 'fast-check';
import type { Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { CUSTOM_BUCKETS, NO_BUCKETS } from '#lib/model/native-histogram.ts';

/** A side from counts that stand next to each other. */
export function run(offset: number, ...counts: number[]): Buckets {
  return counts.length
    ? { spans: [{ offset, length: counts.length }], counts: Float64Array.from(counts) }
    : NO_BUCKETS;
}

export function histogramOf(fields: Partial<NativeHistogram>): NativeHistogram {
  return {
    schema: 0,
    counterReset: 'unknown',
    count: 0,
    sum: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    customValues: new Float64Array(0),
    ...fields,
  };
}

const side = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 }),
    ),
    {
      maxLength: 3,
    },
  )
  .map(
    (runs): Buckets => ({
      spans: runs.map(([offset, counts], i) => ({
        offset: i === 0 ? offset - 2 : offset,
        length: counts.length,
      })),
      counts: Float64Array.from(runs.flatMap(([, counts]) => counts)),
    }),
  );

const total = ({ counts }: Buckets): number => counts.reduce((sum, count) => sum + count, 0);

/** Exponential histograms whose count is that of their buckets. */
export const exponential: fc.Arbitrary<NativeHistogram> = fc
  .record({
    schema: fc.integer({ min: -1, max: 3 }),
    zeroThreshold: fc.constantFrom(0, 0.001, 0.5, 1),
    zeroCount: fc.integer({ min: 0, max: 20 }),
    sum: fc.integer({ min: -1000, max: 1000 }),
    positive: side,
    negative: side,
  })
  .map((fields) =>
    histogramOf({
      ...fields,
      count: fields.zeroCount + total(fields.positive) + total(fields.negative),
    }),
  );

/** Custom buckets over some of a few bounds. */
export const custom: fc.Arbitrary<NativeHistogram> = fc
  .uniqueArray(fc.constantFrom(-5, 0.5, 1, 2, 5, 10), { minLength: 1, maxLength: 5 })
  .chain((bounds) =>
    fc
      .array(fc.integer({ min: 0, max: 30 }), { minLength: bounds.length + 1, maxLength: bounds.length + 1 })
      .map((counts) =>
        histogramOf({
          schema: CUSTOM_BUCKETS,
          customValues: Float64Array.from(bounds).sort(),
          count: counts.reduce((sum, count) => sum + count, 0),
          sum: counts.length,
          positive: run(0, ...counts),
        }),
      ),
  );
