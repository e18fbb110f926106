import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isStale, setStale, wordsOf } from '#lib/model/metrics.ts';
import { createLog } from '#lib/platform/log.ts';
import { type DatabasePlace, openDatabase } from '#lib/store/database.ts';
import { openStore, type StoreOptions } from '#lib/store/open.ts';
import type { Store, TraceSearch } from '#lib/store/store.ts';
import { hex, makeRun, makeSpan, metricBatch, series } from '#lib/store/testing/telemetry.ts';
import { stopTestPostgres, testPostgres } from '#tests/support/postgres.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const RANGE = { from: NOW - 24 * HOUR, to: NOW + HOUR };
const log = createLog(() => undefined);
const trace = (n: number): string => hex(n, 32);

async function chunkCount(place: DatabasePlace): Promise<number> {
  const db = openDatabase(place, 1);
  const count = await db.chunk.count();
  await db.$disconnect();
  return count;
}

/** Everything a reader can ask, in a form that compares. */
async function answers(store: Store) {
  const spanSeries = await store.traces.spanSeries(RANGE);
  return {
    samples: await store.metrics.select([{ name: '__name__', op: '=~', value: '.+' }], RANGE),
    labels: await store.metrics.labelNames([], RANGE),
    recent: await store.traces.search({ range: RANGE, order: 'recent', limit: 100 }),
    slowest: await store.traces.search({ range: RANGE, order: 'slowest', limit: 3 }),
    operations: await store.traces.operations(RANGE),
    spanSeries: spanSeries
      .map((s) => ({
        ...s,
        buckets: s.buckets.map((b) => [
          b.at,
          b.calls,
          b.errors,
          b.durations.count,
          b.durations.quantile(0.5),
        ]),
      }))
      .sort((a, b) => (a.operation < b.operation ? -1 : 1)),
    digests: (await store.statements.digests(RANGE)).map((d) => ({
      ...d,
      buckets: d.buckets.map((b) => [
        b.at,
        b.durations.count,
        b.durations.sum,
        b.rowsExamined,
        b.callsWithRows,
      ]),
    })),
    notices: await store.statements.notices(RANGE),
    events: await store.events.list(RANGE),
    arrived: (await store.stats()).arrived,
  };
}

async function fill(store: Store, round = 0): Promise<void> {
  const at = NOW - 3 * HOUR + round * 60_000;
  await store.appendMetrics({
    ...metricBatch([
      [
        series('up', { job: 'a' }),
        [
          [at, 1],
          [at + 15_000, 0.5],
        ],
      ],
      [series('requests_total', { job: 'a', odd: '__proto__' }), [[at, 100 + round]]],
    ]),
    metadata: [{ name: 'up', type: 'gauge', help: 'Whether it is up', unit: '' }],
  });
  await store.appendSpans(
    Array.from({ length: 5 }, (_, i) =>
      makeSpan({
        traceId: trace(round * 10 + i + 1),
        spanId: hex(round * 10 + i + 1, 16),
        name: `op${i % 2}`,
        startUs: (at + i * 1000) * 1000 + 0.25,
        durationUs: (i + 1) * 1000 + round + 0.125,
        status: i === 4 ? 'error' : 'ok',
        attributes: [
          ['http.route', '/x'],
          ['size', i],
        ],
      }),
    ),
  );
  await store.appendStatements({
    runs: [
      makeRun({ at, durationMs: 5 + round, rowsExamined: 10 }),
      makeRun({ at: at + 1, durationMs: 7, fingerprint: '00000000000000bb', text: 'SELECT ?' }),
    ],
    notices: [
      {
        at,
        kind: 'deadlock',
        system: 'postgresql',
        service: 'shop',
        instance: '',
        database: 'd',
        message: 'm',
      },
    ],
  });
  await store.appendEvents([
    {
      id: `event-${round}`,
      kind: 'deploy',
      service: round % 2 ? 'shop' : '',
      version: '1',
      at,
      title: 't',
      url: '',
      attributes: [],
    },
  ]);
}

describe.each(['sqlite', 'postgresql'] as const)('store on %s', (backend) => {
  let folder: string;
  let place: DatabasePlace;
  let store: Store;
  const open = async (options: Partial<StoreOptions> = {}): Promise<Store> =>
    openStore({ ...place, log, now: () => NOW, ...options });
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await open();
  };

  beforeAll(async () => {
    if (backend === 'postgresql') await testPostgres();
  });
  afterAll(stopTestPostgres);
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-store-'));
    const databaseUrl = backend === 'postgresql' ? await (await testPostgres()).createDatabase() : undefined;
    place = { dataDir: folder, databaseUrl };
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what was appended is visible', async () => {
    await fill(store);
    const seen = await answers(store);
    expect(seen.samples.map((s) => [...s.values])).toEqual([[1, 0.5], [100]]);
    expect(seen.labels).toEqual(['__name__', 'job', 'odd']);
    expect(seen.recent.map((t) => t.traceId)).toEqual([5, 4, 3, 2, 1].map(trace));
    expect(seen.slowest.map((t) => t.traceId)).toEqual([5, 4, 3].map(trace));
    expect(seen.operations.get('shop')).toEqual([
      { operation: 'op0', kind: 'server' },
      { operation: 'op1', kind: 'server' },
    ]);
    expect(seen.spanSeries.map((s) => s.buckets)).toMatchObject([
      [[expect.any(Number), 3, 1, 3, expect.any(Number)]],
      [[expect.any(Number), 2, 0, 2, expect.any(Number)]],
    ]);
    expect(seen.digests.map((d) => d.text)).toEqual(['SELECT * FROM orders WHERE id = ?', 'SELECT ?']);
    expect(seen.events.map((e) => e.id)).toEqual(['event-0']);
    expect(seen.arrived).toMatchObject({
      metrics: { count: 3 },
      spans: { count: 5 },
      statements: { count: 3 },
      events: { count: 1 },
    });
    expect(await store.metrics.metadata('up')).toEqual([
      { name: 'up', type: 'gauge', help: 'Whether it is up', unit: '' },
    ]);
    expect((await store.stats()).backend).toBe(backend);
    expect((await store.stats()).bytes).toBeGreaterThan(0);
  });

  test('answers stay the same through compaction and restarts', async () => {
    await fill(store, 0);
    await fill(store, 1);
    const before = await answers(store);
    await reopen();
    expect(await answers(store)).toEqual(before);
    const compacting = store.compact();
    const during: unknown[] = [];
    let done = false;
    const finished = compacting.then(() => {
      done = true;
    });
    while (!done) during.push(await answers(store));
    await finished;
    for (const seen of during) expect(seen).toEqual(before);
    expect(await answers(store)).toEqual(before);
    expect(await store.stats()).toMatchObject({ logRows: 0, headSamples: 0 });
    await reopen();
    expect(await answers(store)).toEqual(before);
    expect(await store.metrics.metadata('up')).toHaveLength(1);
    await fill(store, 2);
    const more = await answers(store);
    await store.compact();
    await store.compact();
    expect(await answers(store)).toEqual(more);
    expect(more.digests[0]?.buckets).toHaveLength(3);
  });

  test('appends go on while a compaction runs', async () => {
    await fill(store, 0);
    const compacting = store.compact();
    for (let round = 1; round < 6; round++) await fill(store, round);
    await compacting;
    const seen = await answers(store);
    expect(seen.arrived.spans.count).toBe(30);
    expect(seen.recent).toHaveLength(30);
    expect(seen.samples[0]?.timestamps).toHaveLength(12);
    await store.compact();
    await reopen();
    expect(await answers(store)).toEqual(seen);
  });

  test('samples out of order are put in order, the first of two values for one time stays', async () => {
    const up = series('up');
    const at = NOW - HOUR;
    expect(
      await store.appendMetrics(
        metricBatch([
          [
            up,
            [
              [at, 1],
              [at + 20, 2],
              [at + 10, 3],
            ],
          ],
        ]),
      ),
    ).toEqual({ accepted: 3, rejected: [] });
    expect(
      await store.appendMetrics(
        metricBatch([
          [
            up,
            [
              [at + 10, 3],
              [at + 5, 4],
              [at + 20, 9],
            ],
          ],
        ]),
      ),
    ).toMatchObject({
      accepted: 2,
      rejected: [{ reason: 'duplicate-timestamp', count: 1 }],
    });
    const read = async () =>
      (await store.metrics.select([{ name: '__name__', op: '=', value: 'up' }], RANGE))[0];
    const expected = {
      timestamps: Float64Array.of(at, at + 5, at + 10, at + 20),
      values: Float64Array.of(1, 4, 3, 2),
    };
    expect(await read()).toMatchObject(expected);
    await store.compact();
    expect(await read()).toMatchObject(expected);
    // After compaction the head does not know of the first value; it stays all the same.
    await store.appendMetrics(
      metricBatch([
        [
          up,
          [
            [at + 10, 77],
            [at + 30, 5],
          ],
        ],
      ]),
    );
    const merged = {
      timestamps: Float64Array.of(at, at + 5, at + 10, at + 20, at + 30),
      values: Float64Array.of(1, 4, 3, 2, 5),
    };
    expect(await read()).toMatchObject(merged);
    await store.compact();
    expect(await read()).toMatchObject(merged);
  });

  test('chunks of a finished block are joined without changing an answer', async () => {
    const refs = Array.from({ length: 3 }, (_, i) => series('up', { i: String(i) }));
    for (let round = 0; round < 4; round++) {
      const at = NOW - 6 * HOUR + round * 60_000;
      await store.appendMetrics(
        metricBatch(
          refs.map((ref, i) => [
            ref,
            [
              [at, round * i],
              [NOW - 6 * HOUR, round],
            ],
          ]),
        ),
      );
      await store.compact();
    }
    const read = () => store.metrics.select([{ name: '__name__', op: '=', value: 'up' }], RANGE);
    const before = await read();
    expect(before.map((s) => [...s.values])).toEqual([
      [0, 0, 0, 0],
      [0, 1, 2, 3],
      [0, 2, 4, 6],
    ]);
    await store.appendEvents([
      { id: 'e', kind: 'note', service: '', version: '', at: NOW, title: 't', url: '', attributes: [] },
    ]);
    // Every compaction starts a merge; this one finds the chunks of those before.
    await store.compact();
    await expect.poll(() => chunkCount(place), { timeout: 30_000 }).toBe(3);
    expect(await read()).toEqual(before);
    await store.close();
    store = await open();
    expect(await read()).toEqual(before);
  });

  test('staleness markers survive the log and compaction', async () => {
    const at = NOW - HOUR;
    const batch = metricBatch([
      [
        series('up'),
        [
          [at, 1],
          [at + 1, Number.NaN],
          [at + 2, Number.NaN],
        ],
      ],
    ]);
    setStale(wordsOf(batch.values), 2);
    await store.appendMetrics(batch);
    const stale = async () => {
      const [up] = await store.metrics.select([], RANGE);
      return up && [0, 1, 2].map((i) => isStale(wordsOf(up.values), i));
    };
    expect(await stale()).toEqual([false, false, true]);
    await reopen();
    expect(await stale()).toEqual([false, false, true]);
    await store.compact();
    expect(await stale()).toEqual([false, false, true]);
  });

  test('samples too old or ahead of the clock are named and left out', async () => {
    await store.close();
    store = await open({ retentionMs: 2 * HOUR });
    const result = await store.appendMetrics(
      metricBatch([
        [
          series('up'),
          [
            [NOW - 3 * HOUR, 1],
            [NOW, 2],
            [NOW + 11 * 60_000, 3],
          ],
        ],
      ]),
    );
    expect(result).toMatchObject({
      accepted: 1,
      rejected: [
        { reason: 'too-old', count: 1 },
        { reason: 'in-the-future', count: 1 },
      ],
    });
    expect(result.rejected[0]?.message).toContain("'up' is 3h old; retention keeps 2h");
    expect(result.rejected[1]?.message).toContain('11m ahead of server clock');
    expect((await store.metrics.select([], RANGE))[0]?.values).toEqual(Float64Array.of(2));
  });

  test('late spans join their trace; a span sent twice counts once', async () => {
    const startUs = (NOW - HOUR) * 1000;
    const root = makeSpan({ traceId: trace(1), spanId: hex(1, 16), startUs, durationUs: 5000 });
    const child = makeSpan({
      traceId: trace(1),
      spanId: hex(2, 16),
      parentSpanId: root.spanId,
      name: 'late',
      startUs: startUs + 10,
      durationUs: 9000,
    });
    await store.appendSpans([root, root]);
    await store.compact();
    await store.appendSpans([root, child]);
    const check = async () => {
      expect((await store.traces.trace(trace(1)))?.spans).toEqual([root, child]);
      const found = await store.traces.search({
        range: RANGE,
        order: 'slowest',
        limit: 5,
        service: 'shop',
        operation: 'late',
      });
      expect(found.map((t) => t.spans.length)).toEqual([2]);
      const calls = (await store.traces.spanSeries(RANGE)).map((s) => [s.operation, s.buckets[0]?.calls]);
      expect(calls.sort()).toEqual([
        ['GET /', 1],
        ['late', 1],
      ]);
    };
    await check();
    await store.compact();
    await check();
    expect((await store.stats()).arrived.spans.count).toBe(2);
  });

  test('searches find the same traces in memory and at rest', async () => {
    const cases: [Partial<TraceSearch>, number][] = [
      [{ service: 'shop' }, 5],
      [{ service: 'none' }, 0],
      [{ operation: 'op1' }, 2],
      [{ minDurationUs: 4000 }, 2],
      [{ maxDurationUs: 1500 }, 1],
      [{ failedOnly: true }, 1],
      [{ failedOnly: true, operation: 'op1' }, 0],
      [{ tags: [['size', '3']] }, 1],
      [
        {
          tags: [
            ['size', '3'],
            ['http.route', '/x'],
          ],
        },
        1,
      ],
      [{ tags: [['error', 'true']] }, 1],
      [{ tags: [['size', '99']] }, 0],
      [{ range: { from: RANGE.from, to: RANGE.from + 1 } }, 0],
      [{ limit: 2 }, 2],
    ];
    await fill(store);
    const find = () =>
      Promise.all(
        cases.map(async ([search]) => {
          const traces = await store.traces.search({ range: RANGE, order: 'recent', limit: 20, ...search });
          return [search, traces.length];
        }),
      );
    expect(await find()).toEqual(cases);
    await store.compact();
    expect(await find()).toEqual(cases);
  });

  test('matchers select as Prometheus does', async () => {
    const at = NOW - HOUR;
    await store.appendMetrics(
      metricBatch([
        [series('a', { job: 'x', code: '200' }), [[at, 1]]],
        [series('a', { job: 'y', code: '500' }), [[at, 2]]],
        [series('b'), [[at, 3]]],
      ]),
    );
    const values = async (...matchers: Parameters<Store['metrics']['select']>[0]) =>
      (await store.metrics.select(matchers, RANGE)).map((s) => s.values[0]);
    expect(await values({ name: 'code', op: '=~', value: '5..' })).toEqual([2]);
    expect(await values({ name: 'code', op: '!~', value: '5..' })).toEqual([1, 3]);
    expect(await values({ name: 'job', op: '=', value: '' })).toEqual([3]);
    expect(await values({ name: 'job', op: '!=', value: 'x' })).toEqual([2, 3]);
    expect(
      await values({ name: '__name__', op: '=~', value: 'a|b' }, { name: 'job', op: '=~', value: '.*' }),
    ).toEqual([1, 2, 3]);
    await expect(values({ name: 'job', op: '=~', value: '(' })).rejects.toMatchObject({
      status: 400,
      code: 'bad-regex',
    });
    expect(await store.metrics.labelValues('job', [], RANGE)).toEqual(['x', 'y']);
  });

  test('pruning drops what is too old and keeps the rest', async () => {
    await fill(store, 0);
    const before = await answers(store);
    await store.compact();
    await store.prune(NOW - 30 * HOUR);
    expect(await answers(store)).toEqual(before);
    const snapshot = {
      id: 's',
      title: 't',
      url: '/',
      createdAt: 1,
      expiresAt: undefined,
      deleteKeyHash: 'h',
      content: '{}',
    };
    await store.share.saveSnapshot(snapshot);
    await store.share.saveSnapshot({ ...snapshot, id: 'old', expiresAt: NOW - 1 });
    await store.prune(NOW);
    expect(await answers(store)).toMatchObject({
      samples: [],
      recent: [],
      spanSeries: [],
      digests: [],
      notices: [],
      events: [],
    });
    expect(await store.share.snapshot('s')).toEqual(snapshot);
    expect(await store.share.snapshot('old')).toBeUndefined();
    await reopen();
    await fill(store, 0);
    expect((await answers(store)).samples).toEqual(before.samples);
    await reopen();
    expect((await answers(store)).samples).toEqual(before.samples);
  });

  test('text that databases refuse is kept or replaced, never refused', async () => {
    const odd = 'nul\0 and half \ud800 pair';
    const at = NOW - HOUR;
    await store.appendMetrics(metricBatch([[series('up', { odd: 'nul\0' }), [[at, 1]]]]));
    await store.appendSpans([
      makeSpan({
        traceId: trace(7),
        spanId: hex(7, 16),
        name: odd,
        startUs: at * 1000,
        resource: { service: odd, instance: odd, attributes: [[odd, odd]] },
      }),
    ]);
    await store.appendStatements({
      runs: [makeRun({ at, text: odd, service: odd, example: odd })],
      notices: [],
    });
    await store.appendEvents([
      { id: 'e', kind: 'note', service: odd, version: odd, at, title: odd, url: '', attributes: [] },
    ]);
    await store.compact();
    expect(await store.metrics.labelValues('odd', [], RANGE)).toEqual(['nul\0']);
    expect(await store.traces.trace(trace(7))).toBeDefined();
    expect(await store.statements.digests(RANGE)).toHaveLength(1);
    expect((await store.events.get('e'))?.title).toContain('nul\0');
  });

  test('times that are no times are refused and do not stop the rest', async () => {
    const at = NOW - HOUR;
    const span = (n: number, startUs: number, durationUs: number) =>
      makeSpan({ traceId: trace(n), spanId: hex(n, 16), startUs, durationUs });
    const spans = [
      span(1, Number.NaN, 1),
      span(2, at * 1000, Number.POSITIVE_INFINITY),
      span(3, at * 1e6, 1),
      span(4, at * 1000, 2 ** 50),
      span(5, 0, -1),
    ];
    expect(await store.appendSpans(spans)).toMatchObject({
      accepted: 1,
      rejected: [{ reason: 'bad-time', count: 4 }],
    });
    expect(
      await store.appendStatements({
        runs: [makeRun({ at: Number.NaN }), makeRun({ at, durationMs: Number.NaN }), makeRun({ at })],
        notices: [],
      }),
    ).toMatchObject({ accepted: 1, rejected: [{ count: 2 }] });
    await store.compact();
    expect(await store.traces.search({ range: RANGE, order: 'slowest', limit: 9 })).toHaveLength(1);
    const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    expect(await store.statements.digests(everything)).toHaveLength(1);
    expect(await store.traces.spanSeries(everything)).toHaveLength(1);
    expect(await store.metrics.select([], everything)).toEqual([]);
    expect(await store.findings.list({ range: everything })).toEqual([]);
  });

  test('names longer than an index takes are kept apart', async () => {
    const at = NOW - HOUR;
    const long = ['a', 'b'].map((end) => `${'x'.repeat(5000)}${end}`);
    await store.appendSpans(
      long.map((name, i) =>
        makeSpan({
          traceId: trace(i + 1),
          spanId: hex(i + 1, 16),
          name,
          startUs: at * 1000,
          resource: { service: name, instance: '', attributes: [] },
        }),
      ),
    );
    await store.appendMetrics({
      ...metricBatch([[series(long[0] ?? '', { label: long[1] ?? '' }), [[at, 1]]]]),
      metadata: [{ name: long[0] ?? '', type: 'gauge', help: long[1] ?? '', unit: '' }],
    });
    await store.appendEvents([
      { id: 'e', kind: 'note', service: long[0] ?? '', version: '', at, title: 't', url: '', attributes: [] },
    ]);
    await store.compact();
    expect((await store.traces.operations(RANGE)).size).toBe(2);
    expect(await store.traces.spanSeries(RANGE, { service: long[1] ?? '' })).toHaveLength(1);
    expect(
      await store.traces.search({ range: RANGE, order: 'recent', limit: 9, service: long[0] ?? '' }),
    ).toHaveLength(1);
    expect(await store.events.list(RANGE, { service: long[0] ?? '' })).toHaveLength(1);
    expect(await store.metrics.labelValues('label', [], RANGE)).toEqual([long[1]]);
  });

  test('findings, shares and steps are kept', async () => {
    const finding = {
      id: 'f1',
      detector: 'pool',
      category: 'pool',
      title: 't',
      summary: 's',
      severity: 'warning',
      confidence: 0.5,
      state: 'open',
      subject: { service: 'shop' },
      window: { from: NOW - HOUR, to: NOW },
      firstSeen: NOW - HOUR,
      lastSeen: NOW,
      impact: {},
      evidence: [],
      playbook: { id: 'p', url: '/playbooks/p' },
      variables: {},
    } as const;
    await store.findings.save([
      { ...finding, evidence: [] },
      { ...finding, id: 'f2', evidence: [], lastSeen: NOW + 1, state: 'resolved' },
    ]);
    await store.findings.save([{ ...finding, evidence: [], confidence: 0.9 }]);
    const embed = {
      tokenHash: 'h',
      panel: 'p',
      params: { a: 'b' },
      from: 'now-6h',
      to: 'now',
      theme: 'auto',
      origins: ['https://wiki'],
      createdAt: NOW,
      expiresAt: undefined,
    } as const;
    await store.share.saveEmbed(embed);
    await store.steps.set({ findingId: 'f1', step: '2', done: true, at: NOW });
    await store.steps.set({ findingId: 'f1', step: '2', done: false, at: NOW + 1 });
    await reopen();
    expect((await store.findings.list({})).map((f) => f.id)).toEqual(['f2', 'f1']);
    expect(
      (await store.findings.list({ state: 'open', service: 'shop', detector: 'pool' })).map(
        (f) => f.confidence,
      ),
    ).toEqual([0.9]);
    expect(await store.findings.list({ range: { from: NOW + HOUR, to: NOW + 2 * HOUR } })).toEqual([]);
    expect(await store.findings.get('f1')).toEqual({ ...finding, confidence: 0.9 });
    expect(await store.share.embed('h')).toEqual(embed);
    expect(await store.share.embed('none')).toBeUndefined();
    await store.share.deleteSnapshot('none');
    expect(await store.steps.list('f1')).toEqual([{ findingId: 'f1', step: '2', done: false, at: NOW + 1 }]);
  });

  test('many appends at once share commits and are all there', async () => {
    const refs = Array.from({ length: 50 }, (_, i) => series('many', { i: String(i) }));
    await Promise.all(refs.map((ref, i) => store.appendMetrics(metricBatch([[ref, [[NOW - i, i]]]]))));
    await reopen();
    expect(
      (await store.metrics.select([], RANGE)).map((s) => s.values[0]).sort((a = 0, b = 0) => a - b),
    ).toEqual(refs.map((_, i) => i));
  });

  test('closing twice is fine, appending after it is refused', async () => {
    await store.close();
    await store.close();
    await expect(fill(store)).rejects.toMatchObject({ status: 503, code: 'store-closed' });
    store = await open();
  });
});
