import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { Fault } from '#lib/model/fault.ts';
import { createLog } from '#lib/platform/log.ts';
import { SelfMetrics } from '#lib/platform/self-metrics.ts';
import { SelfTracer } from '#lib/platform/self-tracer.ts';
import { createDirect, type DirectAnswer, type DirectRequest, type DirectSpec } from './direct.ts';
import type { HttpRuntime } from './exchange.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** A real server that answers with the handler. */
async function serve(
  run: (request: DirectRequest<HttpRuntime>) => Promise<DirectAnswer>,
  spec: DirectSpec = { name: 'write', signal: 'metrics' },
) {
  const lines: string[] = [];
  const runtime = {
    log: createLog((line) => lines.push(line)),
    self: new SelfMetrics(),
    tracer: new SelfTracer('1', 'i'),
    selfWatch: true,
  };
  const server = createServer(createDirect(() => runtime)(spec, run));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const send = (
    body: Uint8Array | string,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }> =>
    new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', method, path: '/x?a=1&a=2', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      })
        .on('error', reject)
        .end(body);
    });
  return { send, lines, runtime, port };
}

const limits = { maxBytes: 1000, encodings: ['gzip', 'snappy'] as const };
const echo = async ({ body }: DirectRequest<HttpRuntime>): Promise<DirectAnswer> => ({
  status: 200,
  body: await body(limits),
});

describe('bodies', () => {
  test.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['plain', 'abc', {}, 200, 'abc'],
    ['none', '', {}, 200, ''],
    ['without a length', 'abc', { 'transfer-encoding': 'chunked' }, 200, 'abc'],
    ['gzip', gzipSync('abc'), { 'content-encoding': 'gzip' }, 200, 'abc'],
    ['snappy is left as it is', 'abc', { 'content-encoding': 'snappy' }, 200, 'abc'],
    ['too large', 'x'.repeat(1001), {}, 413, 'body-too-large'],
    [
      'too large without a length',
      'x'.repeat(5000),
      { 'transfer-encoding': 'chunked' },
      413,
      'body-too-large',
    ],
    ['a bomb', gzipSync(Buffer.alloc(100_000)), { 'content-encoding': 'gzip' }, 413, 'after decompression'],
    ['not gzip', 'abc', { 'content-encoding': 'gzip' }, 400, 'malformed-encoding'],
    ['brotli', 'abc', { 'content-encoding': 'br' }, 415, 'unsupported-encoding'],
  ])('%s', async (_what, body, headers, status, text) => {
    const { send } = await serve(echo);
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  test('one that breaks off is counted and holds nothing up', async () => {
    const { port, send, runtime } = await serve(echo);
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc', () => socket.destroy());
    await expect
      .poll(() => runtime.self.registry.metrics())
      .toContain('chokepoint_rejected_total{signal="metrics",reason="body-cut-off"} 1');
    expect((await send('abc')).status).toBe(200);
  });

  test('a connection serves one request after another, a refused body between them', async () => {
    const { port } = await serve(echo);
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      got += part;
    });
    const post = (body: string) =>
      `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(post('one') + post('x'.repeat(1001)) + post('three'));
    await expect.poll(() => got).toContain('three');
    expect(got.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 413', 'HTTP/1.1 200']);
    socket.destroy();
  });
});

describe('what every exchange goes through', () => {
  test.each([
    [{}, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://evil.test' }, 403],
    [{ origin: 'null' }, 403],
  ])('POST with %j → %i', async (headers, status) => {
    const { send } = await serve(echo);
    expect((await send('abc', headers as Record<string, string>)).status).toBe(status);
  });

  test('other methods', async () => {
    const { send } = await serve(echo);
    const refused = await send('', {}, 'PUT');
    expect(refused).toMatchObject({ status: 405, headers: { allow: 'OPTIONS, POST' } });
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'method-not-allowed' } });
    expect(await send('', {}, 'OPTIONS')).toMatchObject({ status: 204, headers: { allow: 'OPTIONS, POST' } });
  });

  test('the headers of every answer, and no body with 204', async () => {
    const { send } = await serve(async () => ({ status: 204, headers: { 'x-own': '1' } }));
    const { headers, text } = await send('abc');
    expect(text).toBe('');
    expect(headers).toMatchObject({
      'x-own': '1',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });

  test('a fault in the words of the protocol, an unexpected error as 503 that is logged and counted', async () => {
    const own = await serve(
      async () => {
        throw new Fault(400, 'odd', 'm', { headers: { 'x-more': '1' } });
      },
      { name: 'x', renderFault: ({ status, headers }) => ({ status, headers, body: 'theirs' }) },
    );
    expect(await own.send('')).toMatchObject({ status: 400, text: 'theirs', headers: { 'x-more': '1' } });
    const { send, lines, runtime } = await serve(async () => {
      throw new Error('disk on fire');
    });
    expect(await send('')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(lines.join('')).toContain('disk on fire');
    const metrics = await runtime.self.registry.metrics();
    expect(metrics).toContain('chokepoint_rejected_total{signal="metrics",reason="store-unavailable"} 1');
    expect(metrics).toContain('chokepoint_ingest_seconds_count{signal="metrics"} 1');
    expect(runtime.tracer.take()).toEqual([]);
  });

  test('parameters of the URL', async () => {
    const { send } = await serve(async ({ query }) => ({ status: 200, body: query.getAll('a').join() }));
    expect((await send('')).text).toBe('1,2');
  });
});
