import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cpuMillis } from '../cpu.testing.ts';
import type { TestSpan } from './encode.testing.ts';
import { requestOf, SPAN, spanOf, TRACE } from './encode.testing.ts';
import { decodeTraces } from './traces.ts';

const json = (value: unknown) => decodeTraces(Buffer.from(JSON.stringify(value)), 'json');

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
    const decode = () => decodeTraces(Buffer.from(body), 'json');
    expect(decode).toThrow(expect.objectContaining({ status: 400, code }));
    expect(cpuMillis(() => expect(decode).toThrow())).toBeLessThan(20);
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
