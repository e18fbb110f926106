import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { encodeColumns } from './column-set.ts';
import { type BlockSeries, blockDirectory, decodeMetricBlock, encodeMetricBlock } from './metric-block.ts';
import { seal } from './sealed.ts';

const START = Date.UTC(2026, 0, 1);
const bytes = (column: Float64Array) =>
  Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex');
const plain = (series: readonly BlockSeries[]) =>
  series.map((s) => ({ ...s, timestamps: bytes(s.timestamps), values: bytes(s.values) }));

/** Any 64 bits, so also NaN with any payload. */
const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const fromBits = (bits: readonly bigint[]) => new Float64Array(BigUint64Array.from(bits).buffer);
const special = fc.constantFrom(
  0x7ff0000000000002n,
  0x7ff8000000000002n,
  0x7ff8000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x8000000000000000n,
  0xfff8123456789abcn,
);
const bitsOf = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
const numbers: [string, fc.Arbitrary<bigint>][] = [
  ['any bits', anyBits],
  ['counters and gauges', fc.integer({ min: -1e6, max: 1e6 }).map(bitsOf)],
  ['small numbers', fc.nat(5).map(bitsOf)],
  ['decimals', fc.integer({ min: -1e9, max: 1e9 }).map((n) => bitsOf(n / 100))],
  ['multiples', fc.integer({ min: 0, max: 1e6 }).map((n) => bitsOf(n * 4096))],
  ['large whole numbers', fc.maxSafeInteger().map(bitsOf)],
  ['fractions', fc.double({ min: 0, max: 1, noNaN: true }).map(bitsOf)],
];

/** Series at shared or own times, with values apart here and there. */
const block = (number: fc.Arbitrary<bigint>): fc.Arbitrary<BlockSeries[]> =>
  fc
    .tuple(
      fc.array(fc.array(fc.oneof(fc.constant(15_000), fc.integer({ min: 1, max: 1e9 })), { maxLength: 60 }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(
        fc.tuple(
          fc.nat(2),
          fc.array(fc.oneof({ weight: 12, arbitrary: number }, { weight: 1, arbitrary: special }), {
            minLength: 60,
            maxLength: 60,
          }),
          fc.boolean(),
        ),
        { maxLength: 12 },
      ),
    )
    .map(([steps, rows]) => {
      const columns = steps.map((row) => {
        let at = START;
        return Float64Array.from(row, (step) => {
          at += step;
          return at;
        });
      });
      let counter = 0;
      return rows.map(([which, bits, adding], index) => {
        const timestamps = columns[which % columns.length] as Float64Array;
        const values = fromBits(bits).subarray(0, timestamps.length);
        if (adding)
          for (let i = 0; i < values.length; i++) {
            const value = values[i] as number;
            if (!Number.isFinite(value)) continue;
            counter += Math.abs(value);
            values[i] = counter;
          }
        return { index: 63 - index, timestamps: timestamps.slice(), values: values.slice() };
      });
    });

describe('metric block', () => {
  test.each(numbers)('gives back %s', (_, number) => {
    fc.assert(
      fc.property(block(number), (given) => {
        const data = encodeMetricBlock(given);
        expect(plain(decodeMetricBlock(data))).toEqual(plain(given));
        const odd = (index: number) => index % 2 === 1;
        expect(plain(decodeMetricBlock(data, odd))).toEqual(plain(given.filter((s) => odd(s.index))));
        expect(blockDirectory(data)).toEqual(
          given.map(({ index, timestamps }) => ({
            index,
            count: timestamps.length,
            first: timestamps[0] ?? 0,
            last: timestamps.at(-1) ?? 0,
          })),
        );
      }),
    );
  });

  test('series with equal times share one array', () => {
    const timestamps = Float64Array.from({ length: 50 }, (_, i) => START + i * 15_000);
    const given = [0, 1, 2].map((index) => ({
      index,
      timestamps: timestamps.slice(),
      values: timestamps.map((t) => (t % 7) + index),
    }));
    const back = decodeMetricBlock(encodeMetricBlock(given));
    expect(back[1]?.timestamps).toBe(back[0]?.timestamps);
    expect(back[2]?.timestamps).toBe(back[0]?.timestamps);
  });

  test('damaged bytes throw a RangeError', () => {
    fc.assert(
      fc.property(
        block(numbers[1]?.[1] ?? anyBits),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (given, where, flip, cut) => {
          const data = encodeMetricBlock(given);
          const damaged = cut ? data.slice(0, where % data.length) : data.slice();
          if (!cut) damaged[where % data.length] = (damaged[where % data.length] as number) ^ flip;
          expect(() => decodeMetricBlock(damaged)).toThrow(RangeError);
          expect(() => blockDirectory(damaged)).toThrow(RangeError);
        },
      ),
    );
  });

  test('bytes that are wrong under a right checksum end in a RangeError or in as many series', () => {
    fc.assert(
      fc.property(
        fc.oneof(...numbers.map(([, number]) => block(number))),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (given, changes) => {
          // Without zstd around them, so that the change is one of the head or body.
          const data = seal(1, [...encodeColumns(given), new Uint8Array(0)], 0);
          for (const [where, byte] of changes) data[5 + (where % (data.length - 5))] = byte;
          new DataView(data.buffer).setUint32(1, crc32(data.subarray(5)), true);
          try {
            expect(decodeMetricBlock(data).length).toBeLessThanOrEqual(data.length);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('native histograms come back, with what is between them', () => {
    const histogram = (count: number): NativeHistogram => ({
      schema: 3,
      counterReset: 'not-reset',
      count,
      sum: count / 7,
      zeroThreshold: 1e-128,
      zeroCount: 1,
      positive: { spans: [{ offset: -2, length: 2 }], counts: Float64Array.of(count, count / 2) },
      negative: { spans: [], counts: new Float64Array(0) },
      customValues: new Float64Array(0),
    });
    const values = new Float64Array(6).fill(Number.NaN);
    setStale(wordsOf(values), 5);
    const timestamps = Float64Array.from({ length: 6 }, (_, i) => START + i * 60_000);
    const histograms = [histogram(2), histogram(4), undefined, histogram(7), histogram(8), undefined];
    const given = [
      { index: 4, timestamps, values: timestamps.slice() },
      { index: 9, timestamps, values, histograms },
    ];
    expect(plain(decodeMetricBlock(encodeMetricBlock(given)))).toEqual(plain(given));
    expect(plain(decodeMetricBlock(encodeMetricBlock(given), (i) => i === 9))).toEqual(plain(given.slice(1)));
  });
});
