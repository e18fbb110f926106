import fc from 'fast-check';
import { compressSync } from 'snappy';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { MAX_UNCOMPRESSED_BYTES, snappyLength, uncompress } from './snappy.ts';

const declares = (length: number) => {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest, 0, 0]);
};

function faultOf(bytes: Uint8Array, limit?: number): { status: number; code: string; message: string } {
  try {
    uncompress(bytes, limit);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('no fault');
}

test('what was compressed comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 50 }), (bytes, times) => {
      const raw = Buffer.concat(new Array(times).fill(bytes));
      const packed = compressSync(raw);
      expect(snappyLength(packed)).toBe(raw.length);
      expect(Buffer.from(uncompress(packed)).equals(raw)).toBe(true);
    }),
  );
});

test('the densest block there is passes', () => {
  const raw = Buffer.alloc(1024 * 1024, 'a');
  expect(uncompress(compressSync(raw))).toHaveLength(raw.length);
});

describe('refused', () => {
  test('1 GiB declared: 413 before any of it is unfolded', () => {
    const before = process.memoryUsage().rss;
    const fault = faultOf(declares(1024 ** 3));
    expect(cpuMillis(() => faultOf(declares(1024 ** 3)))).toBeLessThan(50);
    expect(process.memoryUsage().rss - before).toBeLessThan(8 * 1024 * 1024);
    expect(fault.status).toBe(413);
    expect(fault.code).toBe('body-too-large');
    expect(fault.message).toContain('1073741824');
  });

  test('one byte over the limit', () => {
    expect(faultOf(declares(MAX_UNCOMPRESSED_BYTES + 1)).status).toBe(413);
    expect(faultOf(compressSync(Buffer.alloc(11)), 10).status).toBe(413);
    expect(uncompress(compressSync(Buffer.alloc(10)), 10)).toHaveLength(10);
  });

  test.each([
    ['nothing', Uint8Array.from([]), 'begin with a length'],
    ['a length without an end', new Uint8Array(5).fill(0xff), 'begin with a length'],
    ['more than it can hold', declares(30 * 1024 * 1024), 'more than its'],
    ['a copy from before the start', Uint8Array.from([0x04, 0x01, 0x09]), ''],
    ['a framed stream', Buffer.from('ff060000734e61507059', 'hex'), ''],
  ])('%s', (_name, bytes, message) => {
    const fault = faultOf(bytes);
    expect(fault.status).toBe(400);
    expect(fault.code).toBe('malformed-snappy');
    expect(fault.message).toContain(message);
  });

  test('random bytes give bytes or a Fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(uncompress(bytes)).toHaveLength(snappyLength(bytes));
        } catch (error) {
          expect(isFault(error)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
