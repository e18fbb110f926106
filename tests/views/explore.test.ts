import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriesRef } from '#lib/model/metrics.ts';
import { createLog } from '#lib/platform/log.ts';
import { createSnapshot, openSnapshot } from '#lib/share/snapshot.ts';
import type { ExploreModel } from '#lib/show/explore.ts';
import type {
  ExplainModel,
  ExploreStartModel,
  MetricLabelsModel,
  MetricsModel,
} from '#lib/show/explore-help.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import type { StorageModel } from '#lib/show/storage.ts';
import { viewKey } from '#lib/show/view-key.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { runView } from '#lib/views/run.ts';

const NOW = Math.floor(Date.now() / 60_000) * 60_000;
const range = { from: String(NOW - 20 * 60_000), to: String(NOW) };
const dataDir = mkdtempSync(path.join(tmpdir(), 'chokepoint-explore-'));
let store: Store;

const ask = async <M>(name: string, params: Record<string, string> = {}): Promise<M> =>
  (await runView({ store, now: NOW }, name, { ...range, ...params })) as M;
const explore = (q: string, tab = 'graph') => ask<ExploreModel>('explore', { q, tab });

const STEPS = 80;

beforeAll(async () => {
  store = await openStore({ dataDir, log: createLog(() => undefined) });
  const metrics = [
    ['http_requests_total', 'route', '/cart', 3],
    ['http_requests_total', 'route', '/pay', 1],
    ['heap_bytes', 'job', 'shop', 0],
  ] as const;
  await store.appendMetrics({
    series: metrics.map(([name, label, value]) =>
      seriesRef([
        ['__name__', name],
        [label, value],
      ]),
    ),
    offsets: Uint32Array.from({ length: metrics.length + 1 }, (_, i) => i * STEPS),
    timestamps: Float64Array.from(
      { length: metrics.length * STEPS },
      (_, i) => NOW - (STEPS - 1 - (i % STEPS)) * 15_000,
    ),
    values: Float64Array.from({ length: metrics.length * STEPS }, (_, i) => {
      const growth = metrics[Math.floor(i / STEPS)]?.[3] ?? 0;
      return growth === 0 ? 5_000_000 : (i % STEPS) * 15 * growth;
    }),
    metadata: [{ name: 'http_requests_total', type: 'counter', help: 'Requests answered', unit: '' }],
  });
});

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a query', () => {
  test('over the range is a panel in the unit that it is in', async () => {
    const { result, problem } = await explore('sum by (route) (rate(http_requests_total[1m]))');
    expect(problem).toBeUndefined();
    if (result?.kind !== 'graph') throw new Error('not a graph');
    const { panel } = result;
    expect(panel.unit).toBe('per-second');
    expect(panel.series.map(({ name }) => name)).toEqual(['{route="/cart"}', '{route="/pay"}']);
    expect(panel.series[0]?.values.at(-1)).toBeCloseTo(3, 6);
    expect(panel.times.every((at) => at % result.stepMs === 0)).toBe(true);
  });

  test('at one instant is a table with exact values', async () => {
    const { result } = await explore('http_requests_total', 'table');
    if (result?.kind !== 'table') throw new Error('not a table');
    expect(result.rows.map(({ value }) => value)).toEqual([String(79 * 45), String(79 * 15)]);
    expect(result.rowsTotal).toBe(2);
  });

  test('of a range selector lists samples, newest first', async () => {
    const { result } = await explore('heap_bytes[1m]', 'table');
    if (result?.kind !== 'table') throw new Error('not a table');
    expect(result.rows[0]?.samples).toEqual([0, 15, 30, 45].map((s) => [NOW - s * 1000, '5000000']));
    expect(result.rows[0]?.samplesTotal).toBe(4);
  });

  test.each([
    ['sum(', 'graph', 4, /never closed/],
    ['é + sum(x', 'graph', 0, /./],
    ['heap_bytes[5m]', 'graph', undefined, /such as rate.*Table/],
    ['rate(http_requests_total[$__rate_interval])', 'graph', expect.any(Number), /variable of Grafana/],
    ['heap_bytes * on () group_left () http_requests_total', 'graph', undefined, /duplicate|many-to-many/],
  ])('%s is explained', async (q, tab, at, message) => {
    const { problem, result } = await explore(q, tab);
    expect(result).toBeUndefined();
    expect(problem?.at).toEqual(at);
    expect(problem?.message).toMatch(message);
  });

  test('without a result is no fault', async () => {
    const { problem, result } = await explore('nothing_like_it');
    expect(problem).toBeUndefined();
    expect(result).toMatchObject({ panel: { series: [], seriesTotal: 0 } });
  });
});

test('the explanation counts series at each node and what was read', async () => {
  const { nodes, cost } = await ask<ExplainModel>('explain', {
    q: 'topk(1, sum by (route) (rate(http_requests_total{route=~"/.*"}[1m])))',
  });
  expect(nodes.map(({ depth, series }) => [depth, series])).toEqual([
    [0, 1],
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
  expect(nodes.at(-1)?.words).toContain('route matches /.*');
  expect(cost?.selectors).toEqual([expect.objectContaining({ series: 2, samples: 160 })]);
  expect(await ask<ExplainModel>('explain', { q: 'sum(' })).toMatchObject({ nodes: [], cost: undefined });
});

test('an empty page offers what is stored', async () => {
  const { suggestions, metrics } = await ask<ExploreStartModel>('explore-start');
  expect(metrics).toBe(2);
  expect(suggestions[0]).toMatchObject({
    query: 'sum(rate(http_requests_total[5m]))',
    why: expect.stringContaining('Requests answered'),
  });
});

test('metrics are found by name and help, and have labels', async () => {
  const { rows, total } = await ask<MetricsModel>('metrics', { search: 'answered req' });
  expect(total).toBe(1);
  expect(rows[0]).toMatchObject({ name: 'http_requests_total', type: 'counter' });
  const { labels } = await ask<MetricLabelsModel>('metric-labels', { metric: 'http_requests_total' });
  expect(labels).toEqual([{ name: 'route', total: 2, values: ['/cart', '/pay'] }]);
});

test('a panel of several queries needs one unit', async () => {
  const queries = JSON.stringify(['sum(rate(http_requests_total[1m]))', 'rate(http_requests_total[1m])']);
  const panel = await ask<PanelModel>('panel', { panel: 'explore.graph', queries });
  expect(panel.series.map(({ name }) => name.slice(0, 1))).toEqual(['A', 'B', 'B']);
  await expect(
    ask('panel', { panel: 'explore.graph', queries: '["heap_bytes","rate(http_requests_total[1m])"]' }),
  ).rejects.toMatchObject({ status: 400, code: 'several-units' });
  await expect(ask('panel', { panel: 'explore.graph', queries: '[1]' })).rejects.toMatchObject({
    status: 400,
  });
});

test('a snapshot keeps the answer to each query', async () => {
  const context = { store, now: NOW };
  const url = `/explore?from=${range.from}&to=${range.to}&q=heap_bytes&q=up`;
  const { id } = await createSnapshot(context, { url });
  const { content } = await openSnapshot(context, id);
  for (const q of ['heap_bytes', 'up']) {
    expect(content.answers[viewKey('explore', { ...range, q })]).toMatchObject({ query: q });
    expect(content.answers[viewKey('explain', { ...range, q })]).toBeDefined();
  }
});

test('the storage page has numbers', async () => {
  const model = await ask<StorageModel>('storage');
  expect(model).toMatchObject({ backend: 'sqlite', samples: 240, activeSeries: 3, rejected: undefined });
  expect(model.bytes).toBeGreaterThan(0);
});
