import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, startApp } from '../support/app.ts';
import { WRITE_HEADERS, writeRequest } from '../support/write-request.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
  expect(
    await send(
      '/api/v1/write',
      writeRequest([{ labels: [['__name__', 'kept']], at: Date.now(), value: 42 }]),
      WRITE_HEADERS,
    ),
  ).toMatchObject({ status: 204 });
});
afterAll(async () => {
  await discard(app);
});

async function send(path: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const response = await fetch(app.url + path, { method: 'POST', body: body as BodyInit, headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
async function ask(path: string) {
  const response = await fetch(app.url + path);
  return { status: response.status, body: (await response.json()) as { readonly data?: unknown } };
}
const query = (expr: string) => ask(`/api/v1/query?query=${encodeURIComponent(expr)}`);

const OTLP = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };
const bombOf = (bytes: number) => gzipSync(Buffer.alloc(bytes));
/** Snappy block that declares 1 GiB (varint 0x8080808004) and holds nothing. */
const DECLARES_1_GIB = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00]);
const whole = writeRequest([{ labels: [['__name__', 'cut']], at: 1, value: 1 }]);

describe('bodies that cannot be read get the contract’s answer', () => {
  test.each<[string, string, () => Uint8Array | string, Record<string, string>, number, RegExp]>([
    [
      'remote_write: garbage',
      '/api/v1/write',
      () => randomBytes(500),
      WRITE_HEADERS,
      400,
      /snappy|protobuf|body/,
    ],
    [
      'remote_write: cut off',
      '/api/v1/write',
      () => whole.subarray(0, whole.length - 5),
      WRITE_HEADERS,
      400,
      /snappy/,
    ],
    [
      'remote_write: declares 1 GiB',
      '/api/v1/write',
      () => DECLARES_1_GIB,
      WRITE_HEADERS,
      413,
      /smaller batches/,
    ],
    [
      'remote_write: 33 MiB',
      '/api/v1/write',
      () => Buffer.alloc(33 * 1024 * 1024),
      WRITE_HEADERS,
      413,
      /32 MiB/,
    ],
    [
      'remote_write: no snappy',
      '/api/v1/write',
      () => 'x',
      { 'content-type': 'application/x-protobuf' },
      415,
      /snappy/,
    ],
    ['remote_write: JSON', '/api/v1/write', () => '{}', JSON_TYPE, 415, /x-protobuf/],
    [
      'OTLP: garbage',
      '/v1/traces',
      () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1]),
      OTLP,
      400,
      /./,
    ],
    [
      'OTLP: gzip bomb',
      '/v1/traces',
      () => bombOf(200 * 1024 * 1024),
      { ...OTLP, 'content-encoding': 'gzip' },
      413,
      /20 MiB/,
    ],
    ['OTLP: not gzip', '/v1/traces', () => 'plain', { ...OTLP, 'content-encoding': 'gzip' }, 400, /gzip/],
    ['OTLP: text', '/v1/traces', () => 'x', { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['OTLP: broken JSON', '/v1/traces', () => '{"resourceSpans":[', JSON_TYPE, 400, /JSON/],
    [
      'OTLP: deep JSON',
      '/v1/traces',
      () => `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      JSON_TYPE,
      400,
      /64 levels/,
    ],
    ['Zipkin: protobuf', '/api/v2/spans', () => 'x', OTLP, 415, /application\/json/],
    ['Zipkin: no list', '/api/v2/spans', () => '{}', JSON_TYPE, 400, /list of Zipkin/],
    [
      'Zipkin: a bad span beside a good one',
      '/api/v2/spans',
      () =>
        JSON.stringify([
          { traceId: 'zz', id: '1' },
          { traceId: 'f1', id: 'f1', timestamp: Date.now() * 1000, duration: 1 },
        ]),
      JSON_TYPE,
      400,
      /1 not stored, 1 stored/,
    ],
    ['slow log: binary', '/api/v1/slowlog', () => randomBytes(50_000), {}, 400, /log/],
    ['slow log: HTML', '/api/v1/slowlog', () => '<html><body>502 Bad Gateway</body></html>', {}, 400, /log/],
    ['slow log: unknown format', '/api/v1/slowlog?format=oracle', () => 'x', {}, 400, /postgres, mysql/],
    ['events: not JSON', '/api/v1/events', () => 'deploy!', JSON_TYPE, 400, /JSON/],
    ['events: wrong kind', '/api/v1/events', () => '{"kind":"party","title":"x"}', JSON_TYPE, 400, /kind/],
    [
      'events: script as link',
      '/api/v1/events',
      () => '{"kind":"note","title":"x","url":"javascript:alert(1)"}',
      JSON_TYPE,
      400,
      /url/,
    ],
    [
      'metrics text: broken',
      '/api/v1/import/prometheus',
      () => 'a 1\nb{ 2\n',
      { 'content-type': 'text/plain' },
      400,
      /line 2/,
    ],
    [
      'snapshot: another site',
      '/api/v1/snapshots',
      () => '{"url":"//evil.test/"}',
      JSON_TYPE,
      400,
      /path of a page/,
    ],
    [
      'snapshot: unknown field',
      '/api/v1/snapshots',
      () => '{"url":"/","token":{"startsWith":""}}',
      JSON_TYPE,
      400,
      /token/,
    ],
    [
      'embed: origin that ends the directive',
      '/api/v1/embeds',
      () =>
        JSON.stringify({
          panel: 'service.latency',
          params: { service: 'x' },
          origins: ["https://a.test; script-src 'unsafe-inline'"],
        }),
      JSON_TYPE,
      400,
      /origin/,
    ],
    [
      'embed: no origin',
      '/api/v1/embeds',
      () => JSON.stringify({ panel: 'service.latency', params: { service: 'x' }, origins: [] }),
      JSON_TYPE,
      400,
      /origins/,
    ],
  ])('%s', async (_name, path, body, headers, status, message) => {
    const answer = await send(path, body(), headers);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).toMatch(message);
  });

  test('an OTLP error comes in the request’s encoding', async () => {
    expect((await send('/v1/traces', Buffer.from([0x0a, 0x7f]), OTLP)).type).toBe('application/x-protobuf');
    const json = await send('/v1/traces', '{', JSON_TYPE);
    expect(JSON.parse(json.text)).toEqual({ code: 3, message: expect.stringContaining('JSON') });
  });
});

test('labels of any kind come back as they were', async () => {
  const long = 'ü'.repeat(5000);
  const values = ['"quoted"', 'back\\slash', 'new\nline', '🔥', '<script>alert(1)</script>', long];
  const labels = (value: string) =>
    [
      ['__name__', 'odd'],
      ['__proto__', value],
      ['constructor', 'c'],
    ] as const;
  const at = Date.now();
  expect(
    await send(
      '/api/v1/write',
      writeRequest(values.map((value) => ({ labels: labels(value), at, value: 1 }))),
      WRITE_HEADERS,
    ),
  ).toMatchObject({ status: 204 });
  const response = await fetch(`${app.url}/api/v1/series?match[]=odd`);
  const series = JSON.parse(await response.text(), (key, value) =>
    key === '__proto__' ? undefined : value,
  ) as { data: Record<string, string>[] };
  expect(series.data).toHaveLength(values.length);
  const { body } = await ask('/api/v1/label/__proto__/values');
  expect([...(body.data as string[])].sort()).toEqual([...values].sort());
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

describe('odd traces are kept and shown', () => {
  const id = (n: number, width = 16) => n.toString(16).padStart(width, '0');
  const at = Date.now();
  const span = (trace: number, n: number, parent: number | undefined, startMs = 0, endMs = 5) => ({
    traceId: id(trace, 32),
    spanId: id(n),
    ...(parent === undefined ? {} : { parentSpanId: id(parent) }),
    name: `op ${n}`,
    kind: 1,
    startTimeUnixNano: `${at + startMs}000000`,
    endTimeUnixNano: `${at + endMs}000000`,
  });
  const post = (spans: unknown[]) =>
    send(
      '/v1/traces',
      JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'odd' } }] },
            scopeSpans: [{ spans }],
          },
        ],
      }),
      JSON_TYPE,
    );

  test.each<[string, number, () => unknown[]]>([
    ['missing parents', 0xa1, () => [span(0xa1, 1, 99), span(0xa1, 2, 98)]],
    ['a cycle', 0xa2, () => [span(0xa2, 1, 2), span(0xa2, 2, 1)]],
    ['its own parent', 0xa3, () => [span(0xa3, 1, 1)]],
    ['an end before the start', 0xa4, () => [span(0xa4, 1, undefined, 5, 0)]],
    [
      '10,000 spans in a chain',
      0xa5,
      () => Array.from({ length: 10_000 }, (_, i) => span(0xa5, i + 1, i || undefined, 0, 10_000 - i)),
    ],
  ])('%s', async (_name, trace, spans) => {
    const sent = spans();
    expect(await post(sent)).toMatchObject({ status: 200, text: '{}' });
    const { status, body } = await ask(`/api/traces/${id(trace, 32)}`);
    expect(status).toBe(200);
    expect((body.data as { spans: unknown[] }[])[0]?.spans).toHaveLength(sent.length);
    expect((await ask(`/api/v1/traces/${id(trace, 32)}/critical-path`)).status).toBe(200);
    expect((await ask(`/api/ui/trace?id=${id(trace, 32)}`)).status).toBe(200);
  });

  test('bad spans are named, good ones kept', async () => {
    const answer = await post([
      span(0xa6, 1, undefined),
      { ...span(0xa6, 2, 1), traceId: '0'.repeat(32) },
      { ...span(0xa6, 3, 1), spanId: 'xyz' },
    ]);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ partialSuccess: { rejectedSpans: '2' } });
    expect((await ask(`/api/traces/${id(0xa6, 32)}`)).status).toBe(200);
  });
});

test('SQL that cannot be parsed is kept, masked', async () => {
  const secret = 'correct-horse-battery';
  const log = `2026-01-02 03:04:05.678 UTC [42] app@shop LOG:  duration: 812.345 ms  statement: SELEC ((( FRM 'unterminated ${secret}\n`;
  expect(await send('/api/v1/slowlog?format=postgres&service=sql', log)).toMatchObject({ status: 200 });
  const { body } = await ask('/api/v1/queries?service=sql&from=0');
  expect(body).toHaveLength(1);
  expect(JSON.stringify(body)).not.toContain(secret);
});

describe('questions without an answer', () => {
  test('an unknown metric and an empty range are empty answers', async () => {
    expect((await query('no_such_metric')).body).toMatchObject({
      status: 'success',
      data: { resultType: 'vector', result: [] },
    });
    expect((await ask('/api/v1/query_range?query=kept&start=1000&end=1000&step=15')).body).toMatchObject({
      status: 'success',
      data: { result: [] },
    });
    expect((await ask('/api/v1/services?from=1000&to=2000')).body).toEqual([]);
  });

  test.each([
    ['/api/v1/query_range?query=up&start=20&end=10&step=1', 400, { status: 'error', errorType: 'bad_data' }],
    ['/api/v1/query?query=sum(', 400, { status: 'error', errorType: 'bad_data' }],
    ['/api/v1/services?from=now&to=now-1h', 400, { error: { code: 'bad-range' } }],
    ['/api/v1/services?from=yesterday', 400, { error: { code: 'bad-time' } }],
    ['/api/traces/not-hex', 400, { error: { code: 'bad-trace-id' } }],
    ['/api/v1/queries/0000000000000000', 404, { error: { code: 'query-not-found' } }],
    ['/api/v1/findings/nothing', 404, { error: { code: expect.any(String) } }],
    ['/api/ui/no-such-view', 404, { error: { code: 'unknown-view' } }],
  ])('%s → %i', async (path, status, body) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(body);
  });
});

test('after all that, what was stored is there and the server is ready', async () => {
  expect((await query('kept')).body).toMatchObject({
    data: { result: [{ value: [expect.any(Number), '42'] }] },
  });
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
});
