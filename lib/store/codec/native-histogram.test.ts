import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Buckets, NativeHistogram } from '#lib/model/native-histogram.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readHistogram, writeHistogram } from './native-histogram.ts';

const number = fc.oneof(
  fc.nat(1000),
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 0.5, Number.POSITIVE_INFINITY, Number.NaN),
);
const spans = fc.array(fc.record({ offset: fc.integer({ min: -300, max: 300 }), length: fc.nat(4) }), {
  maxLength: 4,
});
const buckets: fc.Arbitrary<Buckets> = spans.chain((s) => {
  const length = s.reduce((n, span) => n + span.length, 0);
  return fc
    .array(number, { minLength: length, maxLength: length })
    .map((counts) => ({ spans: s, counts: Float64Array.from(counts) }));
});
const histogram: fc.Arbitrary<NativeHistogram> = fc.record({
  schema: fc.constantFrom(-53, -4, 0, 8),
  counterReset: fc.constantFrom('unknown' as const, 'reset' as const, 'not-reset' as const, 'gauge' as const),
  count: number,
  sum: number,
  zeroThreshold: fc.constantFrom(0, 1e-128, 0.001),
  zeroCount: number,
  positive: buckets,
  negative: buckets,
  customValues: fc.array(number, { maxLength: 4 }).map((bounds) => Float64Array.from(bounds)),
});

/** Rows of histograms, some with the buckets of the one before. */
const rows = fc.array(fc.tuple(histogram, fc.boolean(), fc.nat(5)), { maxLength: 12 }).map((list) => {
  const out: NativeHistogram[] = [];
  for (const [h, again, more] of list) {
    const before = out.at(-1);
    if (!again || before === undefined) out.push(h);
    else {
      const positive = { ...before.positive, counts: before.positive.counts.map((n) => n + more) };
      out.push({ ...before, positive, count: before.count + more });
    }
  }
  return out;
});

const write = (list: readonly NativeHistogram[]) => {
  const out = new ByteWriter();
  let previous: NativeHistogram | undefined;
  for (const h of list) {
    writeHistogram(out, h, previous);
    previous = h;
  }
  return out.finish();
};

const read = (bytes: Uint8Array, count: number) => {
  const input = new ByteReader(bytes);
  const out: NativeHistogram[] = [];
  for (let n = count; n > 0; n--) out.push(readHistogram(input, out.at(-1)));
  return out;
};

describe('native histogram', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(read(write(given), given.length)).toEqual(given);
      }),
    );
  });

  test('a row with the same buckets costs few bytes and shares its spans', () => {
    const counts = Float64Array.from({ length: 40 }, (_, i) => i * 1000);
    const first: NativeHistogram = {
      schema: 3,
      counterReset: 'not-reset',
      count: 780_000,
      sum: 5,
      zeroThreshold: 0,
      zeroCount: 0,
      positive: { spans: [{ offset: 0, length: 40 }], counts },
      negative: { spans: [], counts: new Float64Array(0) },
      customValues: new Float64Array(0),
    };
    const next = { ...first, positive: { ...first.positive, counts: counts.map((n) => n + 3) } };
    expect(write([first, next]).length - write([first]).length).toBeLessThan(50);
    const back = read(write([first, next]), 2);
    expect(back[1]?.positive.spans).toBe(back[0]?.positive.spans);
  });

  test('damaged bytes end in a RangeError or in histograms', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(255), fc.boolean(), (given, where, byte, cut) => {
        const bytes = write(given);
        const damaged = cut ? bytes.slice(0, where % (bytes.length + 1)) : bytes.slice();
        if (!cut && damaged.length > 0) damaged[where % damaged.length] = byte;
        try {
          expect(read(damaged, given.length)).toHaveLength(given.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
