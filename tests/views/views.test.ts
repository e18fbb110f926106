import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SeriesRef, seriesRef } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import { createLog } from '#lib/platform/log.ts';
import type { OverviewModel } from '#lib/show/overview.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import type { ServiceModel } from '#lib/show/service.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { findView } from '#lib/views/registry.ts';

const NOW = Date.now();
const FROM = NOW - 600_000;
const dataDir = mkdtempSync(path.join(tmpdir(), 'chokepoint-views-'));
let store: Store;

function span(at: number, i: number, over: Partial<Span>): Span {
  return {
    traceId: i.toString(16).padStart(32, '0'),
    spanId: i.toString(16).padStart(16, '0'),
    parentSpanId: '',
    name: 'GET /orders',
    kind: 'server',
    startUs: at * 1000,
    durationUs: 20_000,
    status: i % 10 === 0 ? 'error' : 'unset',
    statusMessage: '',
    attributes: [],
    events: [],
    links: [],
    traceState: '',
    resource: { service: 'orders', instance: 'orders-1', attributes: [] },
    scope: { name: '', version: '' },
    warnings: [],
    ...over,
  };
}

function gauge(name: string, value: number): { series: SeriesRef; value: number } {
  const labels: [string, string][] = [
    ['__name__', name],
    ['service', 'orders'],
    ['instance', 'orders-1'],
  ];
  return { series: seriesRef(labels), value };
}

beforeAll(async () => {
  store = await openStore({ dataDir, log: createLog(() => undefined) });
  const spans = Array.from({ length: 600 }, (_, i) => {
    const at = FROM + i * 1000;
    const call = {
      kind: 'client',
      name: 'SELECT',
      attributes: [['peer.service', 'shop-db']],
      durationUs: 5_000,
    } as const;
    return [
      span(at, 2 * i + 10, {}),
      span(at, 2 * i + 11, {
        ...call,
        parentSpanId: (2 * i + 10).toString(16).padStart(16, '0'),
        traceId: (2 * i + 10).toString(16).padStart(32, '0'),
      }),
    ];
  }).flat();
  await store.appendSpans(spans);
  const gauges = [gauge('pg_pool_total', 10), gauge('pg_pool_idle', 2), gauge('pg_pool_max', 10)];
  const times = Array.from({ length: 120 }, (_, i) => FROM + i * 5_000);
  await store.appendMetrics({
    series: gauges.map((g) => g.series),
    offsets: Uint32Array.from(gauges.map((_, i) => i * times.length).concat(gauges.length * times.length)),
    timestamps: Float64Array.from(gauges.flatMap(() => times)),
    values: Float64Array.from(gauges.flatMap((g) => times.map(() => g.value))),
    metadata: [],
  });
  await store.appendEvents([
    {
      id: '00000000-0000-4000-8000-000000000001',
      kind: 'deploy',
      service: 'orders',
      version: '2',
      at: FROM + 300_000,
      title: 'Deploy 2',
      url: '',
      attributes: [],
    },
  ]);
}, 60_000);

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask<M>(view: string, params: Record<string, string> = {}): Promise<M> {
  const answer = await findView(view)?.answer({ store, now: NOW }, { from: 'now-10m', to: 'now', ...params });
  // What a page gets has been JSON: undefined fields and typed arrays would not survive.
  return JSON.parse(JSON.stringify(answer)) as M;
}

test('the overview lists the service with its numbers, changes and arrivals', async () => {
  const model = await ask<OverviewModel>('overview');
  const orders = model.services.find((row) => row.service === 'orders');
  expect(orders?.rate).toBeCloseTo(1, 1);
  expect(orders?.errorRatio).toBeGreaterThan(0.1);
  expect(orders?.sparks.p95.filter((value) => value !== null).length).toBeGreaterThan(10);
  expect(model.changes.map((change) => change.title)).toEqual(['Deploy 2']);
  expect(model.arrivals.map((arrival) => [arrival.signal, arrival.count])).toEqual([
    ['metrics', 360],
    ['spans', 1200],
    ['statements', 0],
    ['events', 1],
  ]);
});

test('an empty window is said to be empty', async () => {
  const model = await ask<OverviewModel>('overview', { from: 'now-3d', to: 'now-2d' });
  expect(model.verdict.state).toBe('insufficient-data');
  expect(model.services).toEqual([]);
});

describe('one service', () => {
  test('has panels with its deploy marked, operations and dependencies', async () => {
    const model = await ask<ServiceModel>('service', { service: 'orders' });
    expect(model.panels.map((panel) => panel.id)).toEqual(['latency', 'throughput', 'errors', 'pool']);
    for (const panel of model.panels) {
      expect(panel.markers.map((marker) => marker.title)).toContain('Deploy 2');
      for (const series of panel.series) expect(series.values.length).toBe(panel.times.length);
    }
    expect(model.operations.map((row) => [row.name, row.calls])).toEqual([['GET /orders', 600]]);
    expect(model.dependencies.map((row) => [row.name, row.calls])).toEqual([['shop-db', 600]]);
  });

  test('each of its panels can be asked for alone', async () => {
    const pool = await ask<PanelModel>('panel', { panel: 'service.pool', service: 'orders' });
    const inUse = pool.series.find((series) => series.name === 'in use');
    expect(new Set(inUse?.values.filter((value) => value !== null))).toEqual(new Set([8]));
    await expect(ask('panel', { panel: 'service.nothing', service: 'orders' })).rejects.toMatchObject({
      status: 404,
      code: 'unknown-panel',
    });
  });

  test('that nobody knows is empty, not an error', async () => {
    const model = await ask<ServiceModel>('service', { service: 'nobody' });
    expect(model.numbers.health).toBe('unknown');
    expect(model.panels[0]?.empty?.reason).toMatch(/No traces/);
  });
});

test('a time that is none is refused by name', async () => {
  await expect(ask('services', { from: 'garbage' })).rejects.toMatchObject({ status: 400, code: 'bad-time' });
});
