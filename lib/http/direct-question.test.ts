import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '#lib/model/fault.ts';
import { SelfMetrics } from '#lib/platform/self-metrics.ts';
import { SelfTracer } from '#lib/platform/self-tracer.ts';
import { createDirectQuestion, type DirectQuestion } from './direct-question.ts';
import type { HttpRuntime } from './exchange.ts';

const runtime: HttpRuntime = {
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  self: new SelfMetrics(),
  tracer: new SelfTracer('0', 'test'),
  selfWatch: false,
};
const LARGE = 'abcdefgh'.repeat(50_000);

/** What became of the questions that wait for their client to go. */
let gone = 0;

async function answer({ form, signal }: DirectQuestion<HttpRuntime>): Promise<Response> {
  switch (form.get('want')) {
    case 'fault':
      throw new Fault(422, 'execution', 'too much');
    case 'large':
      return new Response(new Blob([LARGE]).stream(), { headers: { 'content-type': 'text/plain' } });
    case 'wait':
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      gone++;
      throw new Fault(499, 'canceled', 'gone');
    default:
      return new Response(form.toString(), { headers: { 'content-type': 'text/plain' } });
  }
}

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer(createDirectQuestion(() => runtime)({ name: 'test' }, answer));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('parameters of the URL and of a form are one', async () => {
  const body = new URLSearchParams([
    ['match[]', 'b'],
    ['c', 'ä'],
  ]);
  const sent = await fetch(`${base}/?match[]=a`, { method: 'POST', body });
  expect(new URLSearchParams(await sent.text()).getAll('match[]')).toEqual(['a', 'b']);
  expect(await (await fetch(`${base}/?a=1%202`)).text()).toBe('a=1+2');
  expect(await (await fetch(base, { method: 'POST', body: '{"a":1}' })).text()).toBe('');
});

test('a small answer has its length, and the headers that every answer carries', async () => {
  const { headers } = await fetch(`${base}/?a=1`);
  expect(headers.get('content-length')).toBe('3');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-encoding')).toBeNull();
});

describe('a large answer', () => {
  test.each([
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['identity', false],
    ['', false],
  ])('with accept-encoding “%s”', async (accepts, packed) => {
    const sent = await fetch(`${base}/?want=large`, { headers: { 'accept-encoding': accepts } });
    expect(sent.headers.get('content-encoding')).toBe(packed ? 'gzip' : null);
    expect(await sent.text()).toBe(LARGE);
  });
});

describe('methods and faults', () => {
  test.each(['PUT', 'DELETE', 'PATCH'])('%s', async (method) => {
    const sent = await fetch(base, { method });
    expect([sent.status, sent.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
    expect(await sent.json()).toMatchObject({ status: 'error', errorType: 'bad_data' });
  });

  test('HEAD and OPTIONS', async () => {
    const head = await fetch(`${base}/?a=1`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await fetch(base, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
  });

  test('a fault in Prometheus’ words', async () => {
    const sent = await fetch(`${base}/?want=fault`);
    expect([sent.status, await sent.json()]).toEqual([
      422,
      { status: 'error', errorType: 'execution', error: 'too much' },
    ]);
  });

  test('a page of another site may not post here', async () => {
    const sent = await fetch(base, { method: 'POST', headers: { origin: 'http://evil.test' } });
    expect(sent.status).toBe(403);
  });
});

test('the signal aborts when the client goes away, not when it was answered', async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET /?want=wait HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(gone).toBe(0);
  socket.destroy();
  await expect.poll(() => gone).toBe(1);
});
