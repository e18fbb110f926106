import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { decodeZipkin } from './json.ts';
import { serverHalfId } from './shared-spans.ts';

const TRACE = '5aab74dbb904746bb33447baae403ed6';
const decode = (...spans: unknown[]) => decodeZipkin(Buffer.from(JSON.stringify(spans)));

const spanOf = (extra: Record<string, unknown> = {}) => ({
  traceId: TRACE,
  id: 'e457b5a2e4d86bd1',
  name: 'get /',
  timestamp: 1521186011929043,
  duration: 14,
  localEndpoint: { serviceName: 'backend', ipv4: '10.0.0.1' },
  ...extra,
});

test('a whole span', () => {
  const { spans, rejected } = decode(
    spanOf({
      parentId: '05e3ac9a4f6e3b90',
      kind: 'CLIENT',
      remoteEndpoint: { serviceName: 'mysql', ipv6: '::1', port: 3306 },
      annotations: [{ timestamp: 1521186011929050, value: 'ws' }],
      tags: { 'sql.query': 'select 1', error: 'timeout' },
      debug: true,
    }),
  );
  expect(rejected).toEqual([]);
  expect(spans).toEqual([
    {
      traceId: TRACE,
      spanId: 'e457b5a2e4d86bd1',
      parentSpanId: '05e3ac9a4f6e3b90',
      name: 'get /',
      kind: 'client',
      startUs: 1521186011929043,
      durationUs: 14,
      status: 'error',
      statusMessage: 'timeout',
      attributes: [
        ['sql.query', 'select 1'],
        ['error', 'timeout'],
        ['peer.service', 'mysql'],
        ['network.peer.address', '::1'],
        ['network.peer.port', 3306],
        ['zipkin.debug', true],
      ],
      events: [{ atUs: 1521186011929050, name: 'ws', attributes: [] }],
      links: [],
      traceState: '',
      resource: {
        service: 'backend',
        instance: '10.0.0.1',
        attributes: [
          ['service.name', 'backend'],
          ['host.ip', '10.0.0.1'],
        ],
      },
      scope: { name: 'zipkin', version: '' },
      warnings: [],
    },
  ]);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['a 64-bit trace id', { traceId: 'b33447baae403ed6' }, { traceId: `${'0'.repeat(16)}b33447baae403ed6` }],
  ['upper-case ids', { id: 'E457B5A2E4D86BD1' }, { spanId: 'e457b5a2e4d86bd1' }],
  ['no kind', {}, { kind: 'internal' }],
  ['a kind that is none', { kind: 'BYSTANDER' }, { kind: 'internal' }],
  ['a consumer', { kind: 'CONSUMER' }, { kind: 'consumer' }],
  ['an error tag without text', { tags: { error: '' } }, { status: 'error', statusMessage: '' }],
  ['error=true', { tags: { error: 'true' } }, { status: 'error', statusMessage: '' }],
  ['error=false', { tags: { error: 'false' } }, { status: 'unset' }],
  [
    'no endpoint',
    { localEndpoint: undefined },
    { resource: expect.objectContaining({ service: 'unknown_service' }) },
  ],
  [
    'no duration',
    { duration: undefined },
    { durationUs: 0, warnings: [expect.stringContaining('no end time')] },
  ],
  [
    'no timestamp but an annotation',
    { timestamp: undefined, annotations: [{ timestamp: 7, value: 'sr' }] },
    { startUs: 7, durationUs: 14 },
  ],
])('%s', (_name, extra, expected) => {
  expect(decode(spanOf(extra)).spans).toMatchObject([expected]);
});

test('tags named like parts of a prototype are tags', () => {
  const body = `[${JSON.stringify(spanOf()).slice(0, -1)},"tags":{"__proto__":"a","constructor":"b"}}]`;
  expect(decodeZipkin(Buffer.from(body)).spans[0]?.attributes).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test.each<[string, unknown, string]>([
  ['no trace id', spanOf({ traceId: undefined }), 'invalid-trace-id'],
  ['no id', spanOf({ id: undefined }), 'invalid-span-id'],
  ['an id that is no hexadecimal', spanOf({ id: 'xyz' }), 'invalid-span-id'],
  ['no time at all', spanOf({ timestamp: undefined }), 'no-start-time'],
  ['a negative time', spanOf({ timestamp: -1 }), 'invalid-start-time'],
  ['a time that is text', spanOf({ timestamp: 'noon' }), 'no-start-time'],
  ['no object', 7, 'malformed-span'],
])('rejected, the rest kept: %s', (_name, bad, reason) => {
  const { spans, rejected } = decode(bad, spanOf());
  expect(spans).toHaveLength(1);
  expect(rejected).toMatchObject([{ reason, count: 1 }]);
});

describe('shared spans', () => {
  const id = 'f5f268651b2a2b34';
  const half = serverHalfId(id);
  const client = spanOf({ id, parentId: 'aa', kind: 'CLIENT', localEndpoint: { serviceName: 'web' } });
  const server = spanOf({
    id,
    parentId: 'aa',
    kind: 'SERVER',
    shared: true,
    localEndpoint: { serviceName: 'api' },
  });
  const ids = (...spans: unknown[]) => decode(...spans).spans.map((s) => [s.spanId, s.parentSpanId]);

  test('the server half gets its own id below the client half', () => {
    expect(half).toMatch(/^[0-9a-f]{16}$/);
    expect(half).not.toBe(id);
    expect(ids(client, server)).toEqual([
      [id, '00000000000000aa'],
      [half, id],
    ]);
  });

  test('in two bodies the halves still fit', () => {
    expect([...ids(server), ...ids(client)]).toEqual([
      [half, id],
      [id, '00000000000000aa'],
    ]);
  });

  test('both halves in one body need no flag', () => {
    expect(ids({ ...server, shared: undefined }, client)[0]).toEqual([half, id]);
  });

  test('a server span with an id of its own is left alone', () => {
    expect(ids({ ...server, shared: undefined })).toEqual([[id, '00000000000000aa']]);
  });

  test("the server's children move with it, the client's own stay", () => {
    const child = (spanId: string, serviceName: string) =>
      spanOf({ id: spanId, parentId: id, localEndpoint: { serviceName } });
    expect(ids(client, server, child('b1', 'api'), child('b2', 'web'), child('b3', 'api-sidecar'))).toEqual([
      [id, '00000000000000aa'],
      [half, id],
      ['00000000000000b1', half],
      ['00000000000000b2', id],
      ['00000000000000b3', half],
    ]);
  });
});

test.each(['{}', 'null', '"x"', '[', ''])('%j is a 400', (body) => {
  expect(() => decodeZipkin(Buffer.from(body))).toThrow(expect.objectContaining({ status: 400 }));
});

test('any JSON list gives spans or a Fault', () => {
  const loose = fc.record(
    {
      traceId: fc.oneof(fc.constant(TRACE), fc.jsonValue()),
      id: fc.oneof(fc.constantFrom('1', '2', 'ff'), fc.jsonValue()),
      parentId: fc.oneof(fc.constantFrom('1', '2', 'ff'), fc.jsonValue()),
      kind: fc.oneof(fc.constantFrom('CLIENT', 'SERVER'), fc.jsonValue()),
      timestamp: fc.oneof(fc.nat(), fc.jsonValue()),
      duration: fc.oneof(fc.nat(), fc.jsonValue()),
      shared: fc.oneof(fc.boolean(), fc.jsonValue()),
      localEndpoint: fc.jsonValue(),
      remoteEndpoint: fc.jsonValue(),
      tags: fc.jsonValue(),
      annotations: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(loose, fc.jsonValue()), { maxLength: 5 }), (list) => {
      try {
        const { spans, rejected } = decode(...list);
        expect(spans.length + rejected.reduce((n, r) => n + r.count, 0)).toBe(list.length);
        for (const { durationUs } of spans) expect(durationUs).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    }),
  );
});

const CASES = '../shared/cases/traces';
const cases = globSync(`${CASES}/zipkin-*/expect.json`).map((file) => path.dirname(file));

test.skipIf(cases.length > 0)(`recorded payloads (skipped: ${CASES} is not there)`, () => {
  expect(cases).toEqual([]);
});
test.each(cases)('recorded payload %s', (dir) => {
  const expected = JSON.parse(readFileSync(`${dir}/expect.json`, 'utf8'));
  const { spans, rejected } = decodeZipkin(readFileSync(`${dir}/payload.json`));
  expect(rejected).toEqual([]);
  expect(new Set(spans.map((s) => s.spanId)).size).toBe(spans.length);
  expect(new Set(spans.map((s) => s.traceId))).toEqual(new Set([expected.traceId.padStart(32, '0')]));
  expect(spans.length).toBeGreaterThanOrEqual(expected.spans[0]);
  expect(spans.length).toBeLessThanOrEqual(expected.spans[1]);
  expect([...new Set(spans.map((s) => s.resource.service))].sort()).toEqual(expected.services);
});
