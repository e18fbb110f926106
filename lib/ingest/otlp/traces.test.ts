import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { attribute } from '#lib/model/span.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import type { TestKeyValue, TestRequest, TestSpan, TestValue } from './encode.testing.ts';
import { encodeJson, encodeProtobuf } from './encode.testing.ts';
import type { OtlpEncoding } from './traces.ts';
import { decodeTraces } from './traces.ts';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';

const spanOf = (extra: Partial<TestSpan> = {}): TestSpan => ({
  traceId: TRACE,
  spanId: SPAN,
  name: 'GET /cart',
  startTimeUnixNano: '1544712660000000000',
  endTimeUnixNano: '1544712661000000500',
  ...extra,
});

const requestOf = (...spans: TestSpan[]): TestRequest => ({
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'cart' } },
          { key: 'host.name', value: { stringValue: 'node-1' } },
        ],
      },
      scopeSpans: [{ scope: { name: 'http', version: '1.0' }, spans }],
    },
  ],
});

const encodings: [OtlpEncoding, (request: TestRequest) => Buffer][] = [
  ['protobuf', encodeProtobuf],
  ['json', encodeJson],
];
const json = (value: unknown) => decodeTraces(Buffer.from(JSON.stringify(value)), 'json');

describe.each(encodings)('%s', (encoding, encode) => {
  const decode = (request: TestRequest) => decodeTraces(encode(request), encoding);
  const one = (extra: Partial<TestSpan>) => decode(requestOf(spanOf(extra))).spans[0];

  test('a whole span', () => {
    const { spans, rejected } = decode(
      requestOf(
        spanOf({
          parentSpanId: 'eee19b7ec3c1b173',
          traceState: 'a=1',
          kind: 2,
          attributes: [{ key: 'http.route', value: { stringValue: '/cart' } }],
          events: [
            {
              timeUnixNano: '1544712660500000000',
              name: 'exception',
              attributes: [{ key: 'x', value: { intValue: '7' } }],
            },
          ],
          links: [{ traceId: TRACE, spanId: 'eee19b7ec3c1b175' }],
          status: { code: 2, message: 'boom' },
        }),
      ),
    );
    expect(rejected).toEqual([]);
    expect(spans).toEqual([
      {
        traceId: TRACE,
        spanId: SPAN,
        parentSpanId: 'eee19b7ec3c1b173',
        name: 'GET /cart',
        kind: 'server',
        startUs: 1544712660000000,
        durationUs: 1000000.5,
        status: 'error',
        statusMessage: 'boom',
        attributes: [['http.route', '/cart']],
        events: [{ atUs: 1544712660500000, name: 'exception', attributes: [['x', 7]] }],
        links: [{ traceId: TRACE, spanId: 'eee19b7ec3c1b175', attributes: [] }],
        traceState: 'a=1',
        resource: {
          service: 'cart',
          instance: 'node-1',
          attributes: [
            ['service.name', 'cart'],
            ['host.name', 'node-1'],
          ],
        },
        scope: { name: 'http', version: '1.0' },
        warnings: [],
      },
    ]);
  });

  test('resource and scope are shared', () => {
    const { spans } = decode(requestOf(spanOf(), spanOf({ spanId: 'eee19b7ec3c1b175' })));
    expect(spans).toHaveLength(2);
    expect(spans[0]?.resource).toBe(spans[1]?.resource);
    expect(spans[0]?.scope).toBe(spans[1]?.scope);
  });

  test('without a resource the service is unknown_service', () => {
    const { spans } = decode({ resourceSpans: [{ scopeSpans: [{ spans: [spanOf()] }] }] });
    expect(spans[0]?.resource).toEqual({ service: 'unknown_service', instance: '', attributes: [] });
    expect(spans[0]?.scope).toEqual({ name: '', version: '' });
  });

  test('service.instance.id goes before host.name', () => {
    const request = requestOf(spanOf());
    request.resourceSpans[0]?.resource?.attributes.push({
      key: 'service.instance.id',
      value: { stringValue: 'cart-0' },
    });
    expect(decode(request).spans[0]?.resource.instance).toBe('cart-0');
  });

  test.each<[string, TestValue, unknown]>([
    ['text', { stringValue: '🦆"\\' }, '🦆"\\'],
    ['true', { boolValue: true }, true],
    ['false', { boolValue: false }, false],
    ['an integer', { intValue: '-42' }, -42],
    ['zero', { intValue: '0' }, 0],
    ['an integer beyond 2^53', { intValue: '9007199254740993' }, '9007199254740993'],
    ['the smallest integer', { intValue: '-9223372036854775808' }, '-9223372036854775808'],
    ['a double', { doubleValue: 72.5 }, 72.5],
    ['NaN', { doubleValue: Number.NaN }, Number.NaN],
    ['infinity', { doubleValue: Number.NEGATIVE_INFINITY }, Number.NEGATIVE_INFINITY],
    ['bytes', { bytesValue: 'AP+A' }, 'AP+A'],
    ['a list', { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'b' }] } }, [1, 'b']],
    [
      'a map',
      { kvlistValue: { values: [{ key: '__proto__', value: { boolValue: true } }] } },
      { kvlist: [['__proto__', true]] },
    ],
  ])('attribute value: %s', (_name, value, expected) => {
    const span = one({ attributes: [{ key: 'k', value }] });
    expect(attribute(span?.attributes ?? [], 'k')).toEqual(expected);
  });

  test.each<[string, Partial<TestSpan>, string]>([
    ['zero trace id', { traceId: '0'.repeat(32) }, 'invalid-trace-id'],
    ['short trace id', { traceId: 'abcd' }, 'invalid-trace-id'],
    ['no trace id', { traceId: '' }, 'invalid-trace-id'],
    ['zero span id', { spanId: '0'.repeat(16) }, 'invalid-span-id'],
    ['long span id', { spanId: `${SPAN}00` }, 'invalid-span-id'],
    ['no start', { startTimeUnixNano: '0' }, 'no-start-time'],
    ['a start in the year 2500', { startTimeUnixNano: '16725225600000000000' }, 'invalid-start-time'],
  ])('rejected, the rest kept: %s', (_name, extra, reason) => {
    const { spans, rejected } = decode(requestOf(spanOf(extra), spanOf({ spanId: 'eee19b7ec3c1b175' })));
    expect(spans.map((s) => s.spanId)).toEqual(['eee19b7ec3c1b175']);
    expect(rejected).toEqual([
      { reason, count: 1, message: expect.stringContaining('span "GET /cart" of "cart"') },
    ]);
  });

  test.each<[string, Partial<TestSpan>, string]>([
    [
      'ends before it starts',
      { endTimeUnixNano: '1544712659999999000' },
      'it ends 1 µs before it starts; its duration is shown as 0',
    ],
    ['no end', { endTimeUnixNano: '0' }, 'it has no end time; its duration is shown as 0'],
    ['an end in the year 2554', { endTimeUnixNano: '18446744073709551615' }, 'its end time is outside'],
  ])('duration 0 and a warning: %s', (_name, extra, warning) => {
    const span = one(extra);
    expect(span?.durationUs).toBe(0);
    expect(span?.warnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each<[string, Partial<TestSpan>, string]>([
    ['itself', { parentSpanId: SPAN }, 'names itself'],
    ['a short id', { parentSpanId: 'abcd' }, '"abcd" is not valid'],
  ])('a parent that cannot be gives a root and a warning: %s', (_name, extra, warning) => {
    const span = one(extra);
    expect(span?.parentSpanId).toBe('');
    expect(span?.warnings).toEqual([expect.stringContaining(warning)]);
  });

  test('a parent of zeros is no parent', () => {
    expect(one({ parentSpanId: '0'.repeat(16) })).toMatchObject({ parentSpanId: '', warnings: [] });
  });

  test('events without a time, bad links and what the sender dropped are told', () => {
    const span = one({
      events: [{ timeUnixNano: '0', name: 'e' }],
      links: [{ traceId: '00', spanId: '' }],
      droppedAttributesCount: 3,
    });
    expect(span?.events[0]?.atUs).toBe(span?.startUs);
    expect(span?.links).toEqual([]);
    expect(span?.warnings).toEqual([
      'an event has no valid time; it is shown at the start',
      '1 links without a valid trace and span id were left out',
      'the sender left out 3 attributes, events or links',
    ]);
  });

  test('an unknown kind and status are the neutral ones', () => {
    expect(one({ kind: 77, status: { code: 9 } })).toMatchObject({ kind: 'unspecified', status: 'unset' });
  });

  test('an empty request', () => {
    expect(decode({ resourceSpans: [] })).toEqual({ spans: [], rejected: [] });
  });
});

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

describe('proto3 JSON', () => {
  test('snake_case keys, enum names, numbers for int64, upper-case ids, unknown fields', () => {
    const { spans, rejected } = json({
      resource_spans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { string_value: 'cart' } }] },
          scope_spans: [
            {
              spans: [
                {
                  trace_id: TRACE.toUpperCase(),
                  span_id: SPAN.toUpperCase(),
                  parent_span_id: '',
                  name: 'x',
                  kind: 'SPAN_KIND_CLIENT',
                  start_time_unix_nano: 1_544_712_660_000_000_000,
                  end_time_unix_nano: '1544712661000000000',
                  attributes: [
                    { key: 'n', value: { int_value: 5 } },
                    { key: 'm', value: { intValue: '5', flavour: 'sweet' } },
                    { key: 'nothing', value: {} },
                    { key: 'null', value: null },
                  ],
                  status: { code: 'STATUS_CODE_ERROR' },
                  events: null,
                  flags: 257,
                  tomorrow: { field: [1, 2] },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(rejected).toEqual([]);
    expect(spans).toMatchObject([
      {
        traceId: TRACE,
        spanId: SPAN,
        kind: 'client',
        status: 'error',
        startUs: 1544712660000000,
        durationUs: 1000000,
        resource: { service: 'cart' },
        attributes: [
          ['n', 5],
          ['m', 5],
          ['nothing', null],
          ['null', null],
        ],
      },
    ]);
  });

  test.each(['-5', 'soon', '1e9', -5, true])('start time %j is rejected', (start) => {
    const { spans, rejected } = json(requestOf({ ...spanOf(), startTimeUnixNano: start as string }));
    expect(spans).toEqual([]);
    expect(rejected).toMatchObject([{ reason: 'invalid-start-time', count: 1 }]);
  });

  test('a span that is no object is rejected', () => {
    const request = requestOf(spanOf());
    request.resourceSpans[0]?.scopeSpans[0]?.spans.push(7 as unknown as TestSpan);
    expect(json(request)).toMatchObject({ spans: [{}], rejected: [{ reason: 'malformed-span', count: 1 }] });
  });

  test.each<[string, string, string]>([
    ['not JSON', '{"resourceSpans":', 'malformed-json'],
    ['a list', '[]', 'malformed-otlp'],
    ['null', 'null', 'malformed-otlp'],
    ['a list that is text', '{"resourceSpans":"x"}', 'malformed-otlp'],
    ['a list of numbers', '{"resourceSpans":[1]}', 'malformed-otlp'],
    ['too deep', `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'json-too-deep'],
  ])('%s is a 400', (_name, body, code) => {
    const start = performance.now();
    expect(() => decodeTraces(Buffer.from(body), 'json')).toThrow(
      expect.objectContaining({ status: 400, code }),
    );
    expect(performance.now() - start).toBeLessThan(20);
  });
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
      { numRuns: 2000 },
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

const CASES = '../shared/cases/traces';
const cases = globSync(`${CASES}/*/expect.json`)
  .map((file) => path.dirname(file))
  .filter((dir) => JSON.parse(readFileSync(`${dir}/expect.json`, 'utf8')).format !== 'zipkin');

test.skipIf(cases.length > 0)(`recorded payloads (skipped: ${CASES} is not there)`, () => {
  expect(cases).toEqual([]);
});
test.each(cases)('recorded payload %s', (dir) => {
  const expected = JSON.parse(readFileSync(`${dir}/expect.json`, 'utf8'));
  const body = existsSync(`${dir}/payload.json`)
    ? readFileSync(`${dir}/payload.json`)
    : gunzipSync(readFileSync(`${dir}/payload.json.gz`));
  const { spans, rejected } = decodeTraces(body, 'json');
  expect(rejected).toEqual([]);
  const trace = spans.filter((s) => !expected.traceId || s.traceId === expected.traceId.padStart(32, '0'));
  const [least, most] = expected.spans ?? [1, Number.POSITIVE_INFINITY];
  expect(trace.length).toBeGreaterThanOrEqual(least);
  expect(trace.length).toBeLessThanOrEqual(most);
  expect([...new Set(trace.map((s) => s.resource.service))].sort()).toEqual(
    expect.arrayContaining(expected.services ?? []),
  );
});
