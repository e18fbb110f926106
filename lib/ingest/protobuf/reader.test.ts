import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { MAX_DEPTH, ProtoReader } from './reader.ts';
import { ProtoWriter } from './writer.ts';

/** Reads a message blindly: every field is skipped. */
function skim(bytes: Uint8Array): number {
  const reader = new ProtoReader(bytes);
  let fields = 0;
  while (reader.more()) {
    reader.skip(reader.tag());
    fields++;
  }
  return fields;
}

function faultOf(run: () => unknown): { status: number; code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('numbers', () => {
  test.each([
    [0n, 0],
    [1n, 1],
    [127n, 127],
    [128n, 128],
    [1_700_000_000_000n, 1_700_000_000_000],
    [9_007_199_254_740_991n, 9_007_199_254_740_991],
    [9_007_199_254_740_993n, '9007199254740993'],
    [9_223_372_036_854_775_807n, '9223372036854775807'],
    [-1n, -1],
    [-9_007_199_254_740_991n, -9_007_199_254_740_991],
    [-9_223_372_036_854_775_808n, '-9223372036854775808'],
  ])('exactInt64 %s', (written, read) => {
    const reader = new ProtoReader(new ProtoWriter().int(1, written).finish());
    expect(reader.tag()).toBe(8);
    expect(reader.exactInt64()).toBe(read);
    expect(reader.more()).toBe(false);
  });

  test('int64 is the nearest number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const reader = new ProtoReader(new ProtoWriter().int(1, value).finish());
        reader.tag();
        // Two roundings at most: one unit in the last place.
        const read = reader.int64();
        expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(Math.abs(read) * 2 ** -52);
      }),
    );
  });

  test('fixed64Micros is exact to the nanosecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }), (nanos) => {
        const reader = new ProtoReader(new ProtoWriter().fixed64(1, nanos).finish());
        reader.tag();
        expect(BigInt(reader.fixed64Micros()) * 1000n + BigInt(reader.nanos)).toBe(nanos);
      }),
    );
  });

  test('doubles, booleans and strings come back', () => {
    fc.assert(
      fc.property(fc.double(), fc.boolean(), fc.string({ unit: 'grapheme' }), (number, flag, text) => {
        const bytes = new ProtoWriter()
          .double(1, number)
          .int(2, flag ? 1 : 0)
          .string(3, text)
          .finish();
        const reader = new ProtoReader(bytes);
        reader.tag();
        expect(reader.double()).toBe(number);
        reader.tag();
        expect(reader.bool()).toBe(flag);
        reader.tag();
        expect(reader.string()).toBe(text);
      }),
    );
  });

  test('a shared string never stands for other bytes', () => {
    const read = (bytes: number[]) => {
      const reader = new ProtoReader(new ProtoWriter().bytes(1, Uint8Array.from(bytes)).finish());
      reader.tag();
      return reader.string();
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 3 }), (bytes) => {
        expect(read(bytes)).toBe(Buffer.from(bytes).toString('utf8'));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('broken messages', () => {
  test.each([
    ['a tag cut off', [0x80], 'ends inside a number'],
    ['field number 0', [0x00, 0x00], 'field number 0'],
    ['a value cut off', [0x08, 0xff], 'ends inside a number'],
    ['a varint of 11 bytes', [0x08, ...new Array(10).fill(0xff), 0x01], 'longer than 10 bytes'],
    ['a length beyond the end', [0x0a, 0x05, 0x00], '5 bytes where 1 are left'],
    ['a length of 2^35', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 'beyond 2^32'],
    ['half a double', [0x09, 1, 2, 3], '8 bytes where 3 are left'],
    ['wire type 6', [0x0e, 0x00], 'wire type 6'],
    ['an end without a group', [0x0c], 'never began'],
    ['a group that is not closed', [0x0b, 0x08, 0x01], 'ends inside a number'],
    ['a group closed by another', [0x0b, 0x14], 'that another began'],
  ])('%s', (_name, bytes, message) => {
    const fault = faultOf(() => skim(Uint8Array.from(bytes)));
    expect(fault.status).toBe(400);
    expect(fault.code).toBe('malformed-protobuf');
    expect(fault.message).toContain(message);
    expect(fault.message).toMatch(/at byte \d+ of \d+/);
  });

  test('a closed group is passed over', () => {
    expect(skim(Uint8Array.from([0x0b, 0x08, 0x01, 0x13, 0x14, 0x0c, 0x08, 0x01]))).toBe(2);
  });

  test('10 000 nested groups are refused at once', () => {
    const groups = new Uint8Array(10_000).fill(0x0b);
    expect(faultOf(() => skim(groups)).message).toContain(`deeper than ${MAX_DEPTH}`);
    expect(cpuMillis(() => faultOf(() => skim(groups)))).toBeLessThan(20);
  });

  test('messages nested too deep are refused', () => {
    let inner = new ProtoWriter().int(1, 1);
    for (let i = 0; i <= MAX_DEPTH; i++) inner = new ProtoWriter().message(1, inner);
    const reader = new ProtoReader(inner.finish());
    const fault = faultOf(() => {
      while (reader.tag() === 0x0a) reader.enter();
    });
    expect(fault.message).toContain(`deeper than ${MAX_DEPTH}`);
  });

  test('a message never reads past its own end', () => {
    const bytes = new ProtoWriter()
      .bytes(1, Uint8Array.from([0x0a, 0x05]))
      .string(2, 'outside')
      .finish();
    const reader = new ProtoReader(bytes);
    reader.tag();
    const outer = reader.enter();
    reader.tag();
    expect(() => reader.string()).toThrow('5 bytes where 0 are left');
    reader.leave(outer);
    expect(reader.tag()).toBe(0x12);
    expect(reader.string()).toBe('outside');
  });

  test('random bytes give fields or a Fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          expect(skim(bytes)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(isFault(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
