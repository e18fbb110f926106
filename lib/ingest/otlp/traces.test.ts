import { describe, expect, test } from 'vitest';
import { attribute } from '#lib/model/span.ts';
import type { TestRequest, TestSpan, TestValue } from './encode.testing.ts';
import { encodings, requestOf, SPAN, spanOf, TRACE } from './encode.testing.ts';
import { decodeTraces } from './traces.ts';

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
