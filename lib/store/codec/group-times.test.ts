import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHUNK_BLOCK_MS } from '../resting.ts';
import {
  forgetTimes,
  noTimes,
  packTimes,
  timesAt,
  timesOfAll,
  unpackTimes,
  widenTimes,
} from './group-times.ts';

const lived = fc.record({
  place: fc.nat(63),
  from: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  length: fc.nat(2 ** 40),
});

describe('times of a group', () => {
  test('cover what they were widened by, in whole blocks, and come back from their bytes', () => {
    fc.assert(
      fc.property(fc.array(lived, { maxLength: 80 }), (list) => {
        const times = noTimes(64);
        for (const { place, from, length } of list) widenTimes(times, place, from, from + length);
        const back = unpackTimes(packTimes(times));
        for (const { place, from, length } of list) {
          const found = timesAt(back, place);
          expect(found?.from).toBeLessThanOrEqual(from);
          expect(found?.to).toBeGreaterThanOrEqual(from + length);
          expect(((found?.to ?? 0) + 1) % CHUNK_BLOCK_MS).toBeCloseTo(0);
        }
        for (let place = 0; place < 64; place++) expect(timesAt(back, place)).toEqual(timesAt(times, place));
        expect(timesOfAll(back)).toEqual(timesOfAll(times));
      }),
    );
  });

  test('tell whether they got wider', () => {
    const times = noTimes(2);
    expect(widenTimes(times, 1, 10, 20)).toBe(true);
    expect(widenTimes(times, 1, 0, CHUNK_BLOCK_MS - 1)).toBe(false);
    expect(widenTimes(times, 1, 0, CHUNK_BLOCK_MS)).toBe(true);
    expect(timesAt(times, 0)).toBeUndefined();
    expect(timesAt(times, 1)).toEqual({ from: 0, to: 2 * CHUNK_BLOCK_MS - 1 });
    forgetTimes(times, 1);
    expect([timesAt(times, 1), timesOfAll(times)]).toEqual([undefined, undefined]);
  });

  test('of bytes that are none end in an error or in some times', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(unpackTimes(bytes).first.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
