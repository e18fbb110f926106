import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import type { TestKeyValue, TestSpan, TestValue } from './encode.testing.ts';
import { encodeJson, encodeProtobuf, encodings, requestOf, spanOf } from './encode.testing.ts';
import type { OtlpEncoding } from './traces.ts';
import { decodeTraces } from './traces.ts';

const keyValues = fc.array(
  fc.record<TestKeyValue>({
    key: fc.string({ unit: 'grapheme', maxLength: 12 }),
    value: fc.letrec<{ value: TestValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
        fc.record({ boolValue: fc.boolean() }),
        fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
        // JSON writes -0 as 0.
        fc.record({ doubleValue: fc.double().map((d) => d + 0) }),
        fc.record({ bytesValue: fc.uint8Array().map((b) => Buffer.from(b).toString('base64')) }),
        fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
      ),
    })).value,
  }),
  { maxLength: 4 },
);
const hex = (digits: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter((text) => !/^0+$/.test(text));
const nanos = fc.bigInt({ min: 1n, max: 9_000_000_000_000_000_000n }).map(String);
const span: fc.Arbitrary<TestSpan> = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: hex(16),
    name: fc.string({ unit: 'grapheme' }),
    kind: fc.integer({ min: 0, max: 6 }),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: keyValues,
    events: fc.array(fc.record({ timeUnixNano: nanos, name: fc.string(), attributes: keyValues }), {
      maxLength: 2,
    }),
    links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16), attributes: keyValues }), {
      maxLength: 2,
    }),
    status: fc.record({ code: fc.integer({ min: 0, max: 3 }), message: fc.string() }),
  },
  { requiredKeys: ['traceId', 'spanId', 'name', 'startTimeUnixNano', 'endTimeUnixNano'] },
);

test('both encodings of a request give the same spans', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
      const request = requestOf(...spans);
      const fromProtobuf = decodeTraces(encodeProtobuf(request), 'protobuf');
      expect(fromProtobuf.rejected).toEqual([]);
      expect(fromProtobuf.spans).toHaveLength(spans.length);
      expect(decodeTraces(encodeJson(request), 'json')).toEqual(fromProtobuf);
    }),
  );
});

describe('hostile bytes', () => {
  const request = requestOf(
    spanOf({ attributes: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '1' }] } } }] }),
    spanOf({ events: [{ timeUnixNano: '1544712660500000000', name: 'e' }], status: { code: 2 } }),
  );
  const survives = (bytes: Uint8Array, encoding: OtlpEncoding) => {
    try {
      for (const { durationUs, startUs } of decodeTraces(bytes, encoding).spans) {
        expect(durationUs).toBeGreaterThanOrEqual(0);
        expect(startUs).toBeGreaterThan(0);
      }
    } catch (error) {
      expect(isFault(error) && error.status).toBe(400);
    }
  };

  test.each(encodings)('%s cut at every byte and changed anywhere', (encoding, encode) => {
    const whole = encode(request);
    for (let length = 0; length < whole.length; length++) survives(whole.subarray(0, length), encoding);
    const place = fc.nat({ max: whole.length - 1 });
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(place, byte, place, byte, (at, to, at2, to2) => {
        const bytes = Buffer.from(whole);
        bytes[at] = to;
        bytes[at2] = to2;
        survives(bytes, encoding);
      }),
      { numRuns: 1000 },
    );
  });

  test('any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => survives(Buffer.from(JSON.stringify(value)), 'json')));
  });

  test('values nested too deep are refused', () => {
    let value = new ProtoWriter().string(1, 'x');
    for (let i = 0; i < 200; i++) value = new ProtoWriter().message(5, new ProtoWriter().message(1, value));
    let message = new ProtoWriter().message(9, new ProtoWriter().message(2, value));
    for (const field of [2, 2, 1]) message = new ProtoWriter().message(field, message);
    expect(() => decodeTraces(message.finish(), 'protobuf')).toThrow('nested deeper than 64');
  });
});
