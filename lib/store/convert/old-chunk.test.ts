import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setStale, wordsOf } from '#lib/model/metrics.ts';
import { encodeChunk } from './old-chunk.testing.ts';
import { decodeChunk } from './old-chunk.ts';

const START = Date.UTC(2026, 0, 1);
const steady = (values: readonly number[]) => ({
  timestamps: Float64Array.from(values, (_, i) => START + i * 15_000),
  values: Float64Array.from(values),
});

/** Ascending whole milliseconds with the values beside them. */
const columns = (value: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 1e9 }), value), { maxLength: 300 }).map((rows) => {
    let at = START;
    const timestamps = Float64Array.from(rows, ([step]) => {
      at += step;
      return at;
    });
    return { timestamps, values: Float64Array.from(rows, ([, v]) => v) };
  });

const valueKinds: [string, fc.Arbitrary<number>][] = [
  ['any numbers', fc.double()],
  ['counters', fc.nat()],
  ['prices', fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100)],
  ['few values', fc.constantFrom(0, 1, -0, 0.1, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 53)],
];

describe('chunks of old', () => {
  test.each(valueKinds)('gives back %s', (_, value) => {
    fc.assert(
      fc.property(columns(value), (given) => {
        const back = decodeChunk(encodeChunk(given), given.values.length);
        expect(back.timestamps).toEqual(given.timestamps);
        expect(new Uint8Array(back.values.buffer)).toEqual(
          new Uint8Array(given.values.buffer, given.values.byteOffset, given.values.byteLength),
        );
      }),
    );
  });

  test('keeps the payload of a staleness marker', () => {
    const given = steady([1, 2, 3]);
    setStale(wordsOf(given.values), 2);
    const back = decodeChunk(encodeChunk(given), 3);
    expect([...wordsOf(back.values)]).toEqual([...wordsOf(given.values)]);
  });

  test('damaged bytes end in an error or in numbers, never in more samples than asked for', () => {
    fc.assert(
      fc.property(columns(fc.double()), fc.nat(), fc.nat(255), fc.boolean(), (given, where, byte, cut) => {
        const data = encodeChunk(given);
        const damaged = cut ? data.slice(0, where % data.length) : data.slice();
        if (!cut) damaged[where % data.length] = byte;
        try {
          expect(decodeChunk(damaged, given.values.length).values).toHaveLength(given.values.length);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
