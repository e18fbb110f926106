import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await discard(app);
});

const ODD_SERVICES = ['shop/orders', '100% done', 'a%2Fb', 'größe ☃', 'q?x#y', '__proto__'];

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** Sends the path as it stands; `fetch` would tidy it first. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: app.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['GET', '/api/nope', 404, 'unknown-path'],
  ['GET', '/api', 404, 'unknown-path'],
  ['POST', '/v1/nope', 404, 'unknown-path'],
  ['GET', '/api/v1/services.rsc', 404, 'unknown-path'],
  ['GET', '/api/services/%ff/operations', 400, 'bad-path'],
  ['TRACE', '/api/v1/services', 501, 'unknown-method'],
  ['OPTIONS', '*', 400, 'bad-target'],
  ['GET', 'http://evil.test/api/v1/services', 400, 'bad-target'],
  ['PUT', '/services', 405, 'method-not-allowed'],
])('%s %s → %i as JSON, never a page', async (method, path, status, code) => {
  const answer = await ask(method, path);
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code, message: expect.any(String) } });
});

test('HEAD and OPTIONS are answered, other methods of a route refused', async () => {
  expect(await ask('HEAD', '/api/v1/services')).toMatchObject({ status: 200, text: '' });
  expect((await ask('OPTIONS', '/api/v1/write')).headers.allow).toContain('POST');
  expect((await ask('DELETE', '/api/v1/services')).status).toBe(405);
});

test('services of any name have their own path', async () => {
  const at = Date.now() * 1000;
  const spans = ODD_SERVICES.map((serviceName, i) => ({
    traceId: String(i + 1).padStart(32, '0'),
    id: String(i + 1).padStart(16, '0'),
    name: `op of ${serviceName}`,
    timestamp: at,
    duration: 5,
    localEndpoint: { serviceName },
  }));
  const sent = await fetch(`${app.url}/api/v2/spans/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(spans),
    redirect: 'error',
  });
  expect(sent.status).toBe(202);
  for (const service of ODD_SERVICES) {
    const { text } = await ask('GET', `/api/services/${encodeURIComponent(service)}/operations`);
    expect(JSON.parse(text)).toMatchObject({ data: [`op of ${service}`] });
    expect((await ask('GET', `/services/${encodeURIComponent(service)}`)).status).toBe(200);
  }
});

test('an offer to upgrade to HTTP/2 is answered in HTTP/1.1', async () => {
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' };
  expect(await ask('GET', '/healthz', offer)).toMatchObject({ status: 200, text: 'ok\n' });
});

describe('what every answer carries', () => {
  test.each([
    '/',
    '/services',
    '/nope',
    '/embed/unknown',
    '/share/unknown',
    '/api/nope',
    '/api/v1/services',
    '/healthz',
    '/readyz',
    '/metrics',
    '/favicon.ico',
  ])('%s', async (path) => {
    const { headers } = await ask('GET', path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toMatch(/no-store/);
  });
});

test.each([
  ['/api/v1/rules', { status: 'success', data: { groups: [] } }],
  ['/api/v1/alerts', { status: 'success', data: { alerts: [] } }],
  ['/api/v1/targets', { status: 'success', data: { activeTargets: [] } }],
  ['/api/v1/query_exemplars?query=up', { status: 'success', data: [] }],
  ['/api/dependencies?endTs=1000&lookback=500', { data: [], errors: null }],
])('%s is answered, so that Grafana does not stumble', async (path, body) => {
  const answer = await ask('GET', path);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject(body);
});

test.each([
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-middleware-next': '1' },
  { 'x-middleware-rewrite': '/healthz' },
  { 'x-matched-path': '/healthz' },
  { 'x-invoke-path': '/healthz' },
  { 'x-forwarded-host': 'evil.test' },
])('headers of the inside change nothing from outside: %j', async (headers) => {
  const answer = await ask('GET', '/services', headers as unknown as Record<string, string>);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
  expect(answer.headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-/);
  expect(answer.text).not.toContain('evil.test');
});

test.each(['//evil.test/', '/\\evil.test', '/%2f%2fevil.test', '//evil.test/%2e%2e'])(
  '%s leads to no other site',
  async (path) => {
    expect((await ask('GET', path)).headers.location ?? '/').toMatch(/^\/(?![/\\])/);
  },
);

test.each([
  '/_next/../package.json',
  '/..%2fpackage.json',
  '/_next/static/%2e%2e/%2e%2e/package.json',
  '/.env',
])('%s gives no file away', async (path) => {
  expect((await ask('GET', path)).status).toBe(404);
});

/** A request whose body comes at one byte a second: its first answer line and when it came. */
function drip(path: string, type: string): Promise<{ line: string; ms: number; closed: Promise<number> }> {
  const start = performance.now();
  const socket = connect(app.port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n`,
  );
  const timer = setInterval(() => socket.write('a'), 1000);
  const closed = new Promise<number>((resolve) => {
    socket.on('close', () => {
      clearInterval(timer);
      resolve(performance.now() - start);
    });
  });
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('data', (data) =>
      resolve({ line: String(data).split('\r\n', 1)[0] ?? '', ms: performance.now() - start, closed }),
    );
  });
}

test('bodies at one byte a second are given up after 15 s, and hold up nobody', async () => {
  const drips = [
    ...Array.from({ length: 50 }, () => drip('/v1/traces', 'application/json')),
    drip('/api/v1/events', 'application/json'),
    drip('/api/v1/query', 'application/x-www-form-urlencoded'),
  ];
  const start = performance.now();
  expect((await ask('GET', '/api/v1/services')).status).toBe(200);
  expect(performance.now() - start).toBeLessThan(2000);
  for (const { line, ms, closed } of await Promise.all(drips)) {
    expect(line).toBe('HTTP/1.1 408 Request Timeout');
    expect(ms).toBeGreaterThan(14_500);
    expect(ms).toBeLessThan(19_000);
    expect(await closed).toBeLessThan(25_000);
  }
});

test('an upload that breaks off is the sender’s fault, not ours', async () => {
  const socket = connect(app.port, '127.0.0.1');
  socket.write(
    `POST /api/v1/slowlog HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\nContent-Length: 100000\r\n\r\n# Time: `,
  );
  await expect.poll(async () => (await ask('GET', '/healthz')).status).toBe(200);
  socket.destroy();
  await expect
    .poll(async () => (await ask('GET', '/metrics')).text)
    .toContain('chokepoint_rejected_total{signal="statements",reason="body-cut-off"} 1');
  expect(app.output).not.toContain('slowlog failed');
});
