import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenSpan } from './otlp.ts';
import { Sink } from './sink.ts';

const CLIENT = 3;
const ERROR = 2;

const sink = new Sink();
const folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-demo-test-'));
let shop: ChildProcess;
let output = '';
let control = '';

async function until<T>(what: string, seconds: number, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`no ${what} after ${seconds} s; the shop said:\n${output}`);
    await sleep(100);
  }
}

async function turn(name: string, on: boolean): Promise<string> {
  const response = await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify({ name, on }) });
  const answer = (await response.json()) as { message: string };
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer.message;
}

const byTrace = (spans: readonly SeenSpan[]): Map<string, SeenSpan[]> => Map.groupBy(spans, (s) => s.traceId);
const sqlOf = (span: SeenSpan): string => span.attributes.get('db.query.text') ?? '';

/** Most runs of one statement under one parent. */
function mostRepeats(spans: readonly SeenSpan[]): number {
  const groups = Map.groupBy(spans.filter(sqlOf), (s) => `${s.parentSpanId} ${sqlOf(s)}`);
  return Math.max(0, ...[...groups.values()].map((group) => group.length));
}

beforeAll(async () => {
  const chokepoint = await sink.open();
  shop = spawn(process.execPath, ['demo/main.ts'], {
    env: { ...process.env, CHOKEPOINT_URL: chokepoint, CHOKEPOINT_DATA: folder, DEMO_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [shop.stdout, shop.stderr]) stream?.on('data', (chunk) => (output += chunk));
  await until('open shop', 40, () => output.includes('shop: open after'));
  control = /takes switches on (\S+)/.exec(output)?.[1] ?? '';
});

afterAll(() => {
  if (shop.exitCode === null) shop.kill('SIGKILL');
  sink.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the demo shop', () => {
  test('its spans link across the services and name the third party', async () => {
    const checkout = await until('whole checkout trace', 15, () =>
      [...byTrace(sink.spans).values()].find((spans) => {
        const services = new Set(spans.map((s) => s.service));
        return services.size === 3 && spans.some((s) => s.parentSpanId === '') && mostRepeats(spans) > 0;
      }),
    );
    expect(new Set(checkout.map((s) => s.service))).toEqual(new Set(['storefront', 'orders', 'payments']));
    const ids = new Set(checkout.map((s) => s.spanId));
    expect(checkout.filter((s) => s.parentSpanId !== '' && !ids.has(s.parentSpanId))).toEqual([]);
    expect(checkout.find((s) => s.parentSpanId === '')?.name).toBe('POST /checkout');

    const outside = await until('call to the third party', 5, () =>
      checkout.find((s) => s.service === 'payments' && s.kind === CLIENT),
    );
    expect(outside.attributes.get('server.address')).toBe('api.cardprocessor.test');
    expect(outside.attributes.get('peer.service')).toBe('api.cardprocessor.test');

    await until('catalog', 5, () =>
      sink.spans.some((s) => s.service === 'catalog' && s.instance === 'catalog-1'),
    );
    expect(new Set(sink.spans.map((s) => s.service)).size).toBe(4);
  });

  test('its metrics arrive as remote_write', async () => {
    await until('two scrapes', 15, () => sink.samples.filter((s) => s.name === 'up').length >= 8);
    const up = sink.samples.filter((s) => s.name === 'up');
    expect(new Set(up.map((s) => s.labels.get('instance')))).toEqual(
      new Set(['storefront-1', 'orders-1', 'catalog-1', 'payments-1']),
    );
    expect(up.every((s) => s.value === 1)).toBe(true);
    const names = new Set(sink.samples.map((s) => s.name));
    for (const name of [
      'pg_pool_total',
      'pg_pool_idle',
      'pg_pool_waiting',
      'http_request_duration_seconds_bucket',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_heap_size_limit_bytes',
      'process_resident_memory_bytes',
    ]) {
      expect(names, name).toContain(name);
    }
    const max = sink.samples.find((s) => s.name === 'pg_pool_max');
    expect([max?.value, max?.labels.get('service')]).toEqual([10, 'orders']);
  });

  test('n-plus-one repeats one statement under one parent, and stops', async () => {
    expect(mostRepeats(sink.spans)).toBeLessThan(5);
    await turn('n-plus-one', true);
    await until('repeated statements', 15, () => mostRepeats(sink.spans) >= 50);
    await turn('n-plus-one', false);
    // Requests that began before the switch may still be on their way.
    await sleep(2500);
    sink.spans.length = 0;
    await until(
      'order histories',
      15,
      () => sink.spans.filter((s) => s.name === 'GET /customers/:id/orders').length >= 3,
    );
    expect(mostRepeats(sink.spans)).toBeLessThan(5);
  });

  test('missing-index makes the database scan the table and log it, and stops', async () => {
    expect(sink.slowLog).not.toContain('Seq Scan');
    expect(await turn('missing-index', true)).toContain('dropped index');
    await until('slow scans with their plan', 20, () => {
      const scans = sink.slowLog.match(/"Node Type": "Seq Scan"[^}]*"Relation Name": "order_items"/g) ?? [];
      return scans.length >= 5;
    });
    expect(sink.slowLog).toContain('"Rows Removed by Filter": ');
    expect(sink.slowLog).toMatch(
      /^\d{4}-\d\d-\d\d [\d:.]+ UTC \[\d+\] shop@shop LOG: {2}duration: [\d.]+ ms {2}execute /m,
    );
    expect(await turn('missing-index', false)).toContain('created index');
    await sleep(2500);
    sink.slowLog = '';
    sink.spans.length = 0;
    await until('orders read', 15, () => sink.spans.filter((s) => s.name === 'GET /orders/:id').length >= 20);
    expect(sink.slowLog).not.toContain('Seq Scan');
  });

  test('a deploy is announced and loses no request', async () => {
    await turn('bad-deploy', true);
    expect(sink.events).toMatchObject([{ kind: 'deploy', service: 'catalog', version: '1.5.0' }]);
    await until('spans of the new version', 15, () => sink.spans.some((s) => s.version === '1.5.0'));
    expect(sink.spans.filter((s) => s.status === ERROR)).toEqual([]);
    expect(sink.strange).toEqual([]);
  });

  test('SIGTERM ends every process and the database', async () => {
    const children = execFileSync('pgrep', ['-P', String(shop.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(children.length).toBe(8);
    shop.kill('SIGTERM');
    await until('end of the shop', 15, () => shop.exitCode !== null);
    expect(shop.exitCode).toBe(0);
    for (const pid of children) expect(() => process.kill(Number(pid), 0), pid).toThrow('ESRCH');
    expect(output).toContain('shop: closed');
  });
});
