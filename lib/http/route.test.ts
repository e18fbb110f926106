import { describe, expect, test } from 'vitest';
import { Fault } from '#lib/model/fault.ts';
import { createLog } from '#lib/platform/log.ts';
import { SelfMetrics } from '#lib/platform/self-metrics.ts';
import { SelfTracer } from '#lib/platform/self-tracer.ts';
import { createRoute } from './route.ts';

function setup() {
  const lines: string[] = [];
  const runtime = {
    log: createLog((line) => lines.push(line)),
    self: new SelfMetrics(),
    tracer: new SelfTracer('1', 'i'),
    selfWatch: true,
  };
  return { lines, runtime, route: createRoute(() => runtime) };
}

const get = (path = '/x') => new Request(`http://127.0.0.1:3000${path}`);

describe('faults', () => {
  test('own protocol', async () => {
    const { route } = setup();
    const response = await route({ name: 'x' }, async () => {
      throw new Fault(404, 'not-there', 'no such thing', { details: { id: 1 } });
    })(get());
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 'not-there', message: 'no such thing', details: { id: 1 } },
    });
  });

  test.each([
    [new Fault(400, 'bad_data', 'm'), 400, 'bad_data'],
    [new Fault(422, 'too-many-samples', 'm'), 422, 'execution'],
    [new Fault(503, 'timeout', 'm'), 503, 'timeout'],
    [new Error('secret detail'), 500, 'internal'],
  ])('prometheus protocol: %s', async (error, status, errorType) => {
    const { route } = setup();
    const response = await route({ name: 'x', protocol: 'prometheus' }, async () => {
      throw error;
    })(get());
    expect(response.status).toBe(status);
    const body = (await response.json()) as { errorType: string; error: string };
    expect(body.errorType).toBe(errorType);
    expect(body.error).not.toContain('secret');
  });

  test('an unexpected error on ingest asks the sender to come again, and is logged', async () => {
    const { route, runtime, lines } = setup();
    const response = await route({ name: 'write', signal: 'metrics' }, async () => {
      throw new Error('disk on fire');
    })(get());
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(lines.join('')).toContain('disk on fire');
    expect(await runtime.self.registry.metrics()).toContain(
      'chokepoint_rejected_total{signal="metrics",reason="store-unavailable"} 1',
    );
  });
});

describe('cross-site requests', () => {
  const post = (headers: Record<string, string>) =>
    new Request('http://127.0.0.1:3000/x', {
      method: 'POST',
      headers: { host: '127.0.0.1:3000', ...headers },
    });
  test.each([
    [{}, 200],
    [{ origin: 'http://127.0.0.1:3000' }, 200],
    [{ origin: 'http://evil.test' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
  ])('POST with %j → %i', async (headers, status) => {
    const { route } = setup();
    expect(
      (await route({ name: 'x' }, async () => new Response('ok'))(post(headers as Record<string, string>)))
        .status,
    ).toBe(status);
  });
});

test('form() merges the query and a posted form; params are taken as Next decoded them', async () => {
  const { route } = setup();
  const handler = route({ name: 'x' }, async ({ form, params }) => {
    const merged = await form();
    return Response.json({
      query: merged.get('query'),
      match: merged.getAll('match[]'),
      service: params.service,
    });
  });
  const request = new Request('http://127.0.0.1/x?match[]=a', {
    method: 'POST',
    body: new URLSearchParams([
      ['match[]', 'b'],
      ['query', 'up'],
    ]),
  });
  const response = await handler(request, { params: Promise.resolve({ service: '100% a%2Fb' }) });
  expect(await response.json()).toEqual({ query: 'up', match: ['a', 'b'], service: '100% a%2Fb' });
});

test('requests are measured and traced, ingest is not traced', async () => {
  const { route, runtime } = setup();
  await route({ name: 'query' }, async () => new Response('ok'))(get());
  await route({ name: 'write', signal: 'metrics' }, async () => new Response(null, { status: 204 }))(get());
  expect(runtime.tracer.take().map((span) => span.name)).toEqual(['GET query']);
  const text = await runtime.self.registry.metrics();
  expect(text).toContain('chokepoint_query_seconds_count{query="query"} 1');
  expect(text).toContain('chokepoint_ingest_seconds_count{signal="metrics"} 1');
});

test('a form over 1 MiB is refused', async () => {
  const { route } = setup();
  const handler = route({ name: 'x', protocol: 'prometheus' }, async ({ form }) =>
    Response.json([...(await form())]),
  );
  const body = new URLSearchParams([['query', 'x'.repeat(1_100_000)]]);
  const response = await handler(new Request('http://127.0.0.1/x', { method: 'POST', body }));
  expect(response.status).toBe(413);
});
