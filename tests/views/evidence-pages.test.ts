import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Finding } from '#lib/model/finding.ts';
import { seriesRef } from '#lib/model/metrics.ts';
import { createLog } from '#lib/platform/log.ts';
import { createSnapshot, openSnapshot } from '#lib/share/snapshot.ts';
import type { FindingModel, FindingsModel } from '#lib/show/finding-detail.ts';
import type { PlaybookModel } from '#lib/show/playbook-sections.ts';
import type { QueriesModel } from '#lib/show/queries.ts';
import type { QueryModel } from '#lib/show/query-detail.ts';
import type { TracesModel } from '#lib/show/trace-row.ts';
import type { TraceModel } from '#lib/show/waterfall.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { hex, makeRun, makeSpan } from '#lib/store/testing/telemetry.ts';
import { runView } from '#lib/views/run.ts';

const NOW = Date.now();
const MINUTE = 60_000;
const FROM = NOW - 30 * MINUTE;
const range = { from: String(FROM), to: String(NOW) };
const dataDir = mkdtempSync(path.join(tmpdir(), 'chokepoint-views-'));
let store: Store;

const finding = (id: string, given: Partial<Finding>): Finding =>
  Finding.parse({
    id,
    detector: 'db-missing-index',
    category: 'database',
    title: id,
    summary: '',
    severity: 'warning',
    confidence: 0.9,
    state: 'open',
    subject: { service: 'orders', table: 'items' },
    window: { from: NOW - 10 * MINUTE, to: NOW },
    firstSeen: NOW - 10 * MINUTE,
    lastSeen: NOW,
    impact: {},
    evidence: [],
    playbook: { id: 'add-index', url: '/playbooks/add-index' },
    ...given,
  });

const ask = async <M>(name: string, params: Record<string, string> = {}): Promise<M> =>
  (await runView({ store, now: NOW }, name, { ...range, ...params })) as M;

beforeAll(async () => {
  store = await openStore({ dataDir, log: createLog(() => undefined) });
  const at = (minutes: number) => (FROM + minutes * MINUTE) * 1000;
  const service = (name: string) => ({ service: name, instance: '', attributes: [] });
  const sql = [
    ['db.system.name', 'postgresql'],
    ['db.query.text', 'SELECT * FROM items WHERE order_id = 7'],
  ] as const;
  await store.appendSpans([
    makeSpan({
      traceId: hex(1, 32),
      spanId: hex(1, 16),
      startUs: at(1),
      durationUs: 90_000,
      resource: service('web'),
    }),
    makeSpan({
      traceId: hex(1, 32),
      spanId: hex(2, 16),
      parentSpanId: hex(1, 16),
      name: 'SELECT items',
      kind: 'client',
      startUs: at(1) + 10_000,
      durationUs: 50_000,
      attributes: sql,
      resource: service('orders'),
    }),
    makeSpan({
      traceId: hex(2, 32),
      spanId: hex(3, 16),
      startUs: at(2),
      status: 'error',
      resource: service('web'),
    }),
  ]);
  const run = { database: 'shop', service: 'orders', durationMs: 40 };
  await store.appendStatements({
    notices: [],
    runs: [
      makeRun({
        ...run,
        at: FROM + MINUTE,
        fingerprint: hex(10, 16),
        text: 'SELECT * FROM items WHERE id = ?',
        traceId: hex(1, 32),
      }),
      makeRun({
        ...run,
        at: FROM + MINUTE,
        fingerprint: hex(11, 16),
        text: 'SELECT ?',
        service: 'mail',
        durationMs: 400,
      }),
    ],
  });
  const gauge = seriesRef([
    ['__name__', 'pool_pending'],
    ['instance', 'orders-1'],
  ]);
  const times = Array.from({ length: 80 }, (_, i) => FROM + i * 15_000);
  await store.appendMetrics({
    series: [gauge],
    offsets: Uint32Array.of(0, 80),
    timestamps: Float64Array.from(times),
    values: new Float64Array(80).fill(3),
    metadata: [],
  });
  await store.findings.save([
    finding('cause', {
      evidence: [
        {
          kind: 'series',
          title: 'waiting',
          value: 3,
          unit: 'count',
          promql: 'pool_pending',
          link: '/explore?x',
        },
        { kind: 'series', title: 'broken', value: 3, promql: 'pool_pending{', link: '/explore?x' },
        { kind: 'query', title: 'p95', fingerprint: hex(10, 16), link: `/queries/${hex(10, 16)}` },
      ],
    }),
    finding('effect', { causedBy: 'cause', subject: { service: 'web' } }),
    finding('over', { state: 'resolved', firstSeen: NOW - 20 * MINUTE, lastSeen: NOW - 15 * MINUTE }),
    finding('long ago', { firstSeen: NOW - 900 * MINUTE, lastSeen: NOW - 800 * MINUTE }),
  ]);
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

test('queries: ranked, filtered, with the names to filter by', async () => {
  const all = await ask<QueriesModel>('queries');
  expect(all.rows.map((row) => [row.text, row.service])).toEqual([
    ['SELECT ?', 'mail'],
    ['SELECT * FROM items WHERE id = ?', 'orders'],
  ]);
  expect(all.rows[0]?.share).toBeCloseTo(400 / 440);
  const orders = await ask<QueriesModel>('queries', { service: 'orders' });
  expect(orders.rows.map((row) => row.share)).toEqual([1]);
  expect(orders.services).toEqual(['mail', 'orders']);
  expect(orders.panel.series.map((series) => series.key)).toEqual([hex(10, 16)]);
});

test('query: laid out, with examples, tables and its findings', async () => {
  const query = await ask<QueryModel>('query', { fingerprint: hex(10, 16) });
  expect(query.sql).toBe('SELECT\n  *\nFROM\n  items\nWHERE\n  id = ?');
  expect(query.tables).toEqual(['items']);
  expect(query.examples[0]?.traceId).toBe(hex(1, 32));
  expect(query.findings.map((each) => each.id)).toEqual(['cause']);
  await expect(ask('query', { fingerprint: 'none' })).rejects.toMatchObject({ status: 404 });
});

test('traces: newest, failed, by service and by length', async () => {
  const ids = async (params: Record<string, string>) =>
    (await ask<TracesModel>('traces', params)).rows.map((row) => row.traceId);
  expect(await ids({})).toEqual([hex(2, 32), hex(1, 32)]);
  expect(await ids({ sort: 'failed' })).toEqual([hex(2, 32)]);
  expect(await ids({ sort: 'slowest', minDurationMs: '50' })).toEqual([hex(1, 32)]);
  const orders = await ask<TracesModel>('traces', { service: 'orders' });
  expect(orders.rows[0]).toMatchObject({ service: 'web', durationMs: 90, spans: 2 });
  expect(orders).toMatchObject({ services: ['orders', 'web'], operations: ['SELECT items'] });
  await expect(ask('traces', { minDurationMs: 'long' })).rejects.toMatchObject({ status: 400 });
});

test('trace: critical path and the fingerprint that its statement has in the log', async () => {
  const trace = await ask<TraceModel>('trace', { id: hex(1, 32).toUpperCase() });
  expect(trace.rows.map((row) => row.path)).toEqual([
    [
      [0, 10_000],
      [60_000, 90_000],
    ].toReversed(),
    [[10_000, 60_000]],
  ]);
  expect(trace.rows[1]?.details.statement?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  await expect(ask('trace', { id: 'ff' })).rejects.toMatchObject({ status: 404 });
});

describe('findings', () => {
  test('open now counts however old it is; a cause stands before what it explains', async () => {
    const open = await ask<FindingsModel>('findings');
    expect(open.findings.map((each) => each.id)).toEqual(['cause', 'long ago', 'effect']);
    expect(open.counts).toEqual({ open: 3, resolved: 1 });
    const resolved = await ask<FindingsModel>('findings', { state: 'resolved' });
    expect(resolved.findings.map((each) => each.id)).toEqual(['over']);
    const past = { to: String(NOW - 12 * MINUTE) };
    expect((await ask<FindingsModel>('findings', past)).counts).toEqual({ open: 0, resolved: 1 });
  });

  test('one finding: a chart where the query answers, cause and effects', async () => {
    const { evidence, effects, kind } = await ask<FindingModel>('finding', { id: 'cause' });
    expect(evidence.map((proof) => proof.panel?.series.map((series) => series.name))).toEqual([
      ['orders-1'],
      undefined,
      undefined,
    ]);
    expect(effects.map((each) => each.id)).toEqual(['effect']);
    expect(kind).toBe('Missing index');
    expect((await ask<FindingModel>('finding', { id: 'effect' })).cause?.id).toBe('cause');
  });

  test('a playbook is filled in and remembers the steps that are done', async () => {
    const stepsOf = (playbook: PlaybookModel) =>
      playbook.sections.flatMap((s) => s.blocks.flatMap((b) => (b.kind === 'steps' ? b.steps : [])));
    const params = { id: 'add-index', finding: 'cause' };
    const [first] = stepsOf(await ask<PlaybookModel>('playbook', params));
    expect(first?.text).toContain('Seq Scan on items');
    await store.steps.set({ findingId: 'cause', step: first?.id ?? '', done: true, at: NOW });
    expect(stepsOf(await ask<PlaybookModel>('playbook', params)).filter((step) => step.done)).toHaveLength(1);
    expect(stepsOf(await ask<PlaybookModel>('playbook', { id: 'add-index' })).some((step) => step.done)).toBe(
      false,
    );
  });

  test('a snapshot of a finding keeps its playbook too', async () => {
    const { id } = await createSnapshot({ store, now: NOW }, { url: '/findings/cause' });
    const { content } = await openSnapshot({ store, now: NOW }, id);
    expect(Object.keys(content.answers).map((key) => key.split('?')[0])).toContain('playbook');
  });
});
