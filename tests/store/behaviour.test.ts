import { expect, test } from 'vitest';
import type { TraceSearch } from '#lib/store/store.ts';
import { hex, makeSpan } from '#lib/store/testing/telemetry.ts';
import { answers, fill, trace } from './answers.ts';
import { describeStore, HOUR, NOW, RANGE } from './harness.ts';

describeStore('store', (it) => {
  test('what was appended is visible', async () => {
    await fill(it.store);
    const seen = await answers(it.store);
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
    expect(await it.store.metrics.metadata('up')).toEqual([
      { name: 'up', type: 'gauge', help: 'Whether it is up', unit: '' },
    ]);
    expect((await it.store.stats()).backend).toBe(it.backend);
    expect((await it.store.stats()).bytes).toBeGreaterThan(0);
  });

  test('answers stay the same through compaction and restarts', async () => {
    await fill(it.store, 0);
    await fill(it.store, 1);
    const before = await answers(it.store);
    await it.reopen();
    expect(await answers(it.store)).toEqual(before);
    const compacting = it.store.compact();
    const during: unknown[] = [];
    let done = false;
    const finished = compacting.then(() => {
      done = true;
    });
    while (!done) during.push(await answers(it.store));
    await finished;
    for (const seen of during) expect(seen).toEqual(before);
    expect(await answers(it.store)).toEqual(before);
    expect(await it.store.stats()).toMatchObject({ logRows: 0, headSamples: 0 });
    await it.reopen();
    expect(await answers(it.store)).toEqual(before);
    expect(await it.store.metrics.metadata('up')).toHaveLength(1);
    await fill(it.store, 2);
    const more = await answers(it.store);
    await it.store.compact();
    await it.store.compact();
    expect(await answers(it.store)).toEqual(more);
    expect(more.digests[0]?.buckets).toHaveLength(3);
  });

  test('appends go on while a compaction runs', async () => {
    await fill(it.store, 0);
    const compacting = it.store.compact();
    for (let round = 1; round < 6; round++) await fill(it.store, round);
    await compacting;
    const seen = await answers(it.store);
    expect(seen.arrived.spans.count).toBe(30);
    expect(seen.recent).toHaveLength(30);
    expect(seen.samples[0]?.timestamps).toHaveLength(12);
    await it.store.compact();
    await it.reopen();
    expect(await answers(it.store)).toEqual(seen);
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
    await it.store.appendSpans([root, root]);
    await it.store.compact();
    await it.store.appendSpans([root, child]);
    const check = async () => {
      expect((await it.store.traces.trace(trace(1)))?.spans).toEqual([root, child]);
      const found = await it.store.traces.search({
        range: RANGE,
        order: 'slowest',
        limit: 5,
        service: 'shop',
        operation: 'late',
      });
      expect(found.map((t) => t.spans.length)).toEqual([2]);
      const calls = (await it.store.traces.spanSeries(RANGE)).map((s) => [s.operation, s.buckets[0]?.calls]);
      expect(calls.sort()).toEqual([
        ['GET /', 1],
        ['late', 1],
      ]);
    };
    await check();
    await it.store.compact();
    await check();
    expect((await it.store.stats()).arrived.spans.count).toBe(2);
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
    await fill(it.store);
    const find = () =>
      Promise.all(
        cases.map(async ([search]) => {
          const traces = await it.store.traces.search({
            range: RANGE,
            order: 'recent',
            limit: 20,
            ...search,
          });
          return [search, traces.length];
        }),
      );
    expect(await find()).toEqual(cases);
    await it.store.compact();
    expect(await find()).toEqual(cases);
  });

  test('pruning drops what is too old and keeps the rest', async () => {
    await fill(it.store, 0);
    const before = await answers(it.store);
    await it.store.compact();
    await it.store.prune(NOW - 30 * HOUR);
    expect(await answers(it.store)).toEqual(before);
    const snapshot = {
      id: 's',
      title: 't',
      url: '/',
      createdAt: 1,
      expiresAt: undefined,
      deleteKeyHash: 'h',
      content: '{}',
    };
    await it.store.share.saveSnapshot(snapshot);
    await it.store.share.saveSnapshot({ ...snapshot, id: 'old', expiresAt: NOW - 1 });
    await it.store.prune(NOW);
    expect(await answers(it.store)).toMatchObject({
      samples: [],
      recent: [],
      spanSeries: [],
      digests: [],
      notices: [],
      events: [],
    });
    expect(await it.store.share.snapshot('s')).toEqual(snapshot);
    expect(await it.store.share.snapshot('old')).toBeUndefined();
    await it.reopen();
    await fill(it.store, 0);
    expect((await answers(it.store)).samples).toEqual(before.samples);
    await it.reopen();
    expect((await answers(it.store)).samples).toEqual(before.samples);
  });
});
