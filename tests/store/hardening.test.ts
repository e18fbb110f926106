import { expect, test } from 'vitest';
import { hex, makeRun, makeSpan, metricBatch, series } from '#lib/store/testing/telemetry.ts';
import { fill, trace } from './answers.ts';
import { describeStore, HOUR, NOW, RANGE } from './harness.ts';

describeStore('odd input and control data', (it) => {
  test('text that databases refuse is kept or replaced, never refused', async () => {
    const odd = 'nul\0 and half \ud800 pair';
    const at = NOW - HOUR;
    await it.store.appendMetrics(metricBatch([[series('up', { odd: 'nul\0' }), [[at, 1]]]]));
    await it.store.appendSpans([
      makeSpan({
        traceId: trace(7),
        spanId: hex(7, 16),
        name: odd,
        startUs: at * 1000,
        resource: { service: odd, instance: odd, attributes: [[odd, odd]] },
      }),
    ]);
    await it.store.appendStatements({
      runs: [makeRun({ at, text: odd, service: odd, example: odd })],
      notices: [],
    });
    await it.store.appendEvents([
      { id: 'e', kind: 'note', service: odd, version: odd, at, title: odd, url: '', attributes: [] },
    ]);
    await it.store.compact();
    expect(await it.store.metrics.labelValues('odd', [], RANGE)).toEqual(['nul\0']);
    expect(await it.store.traces.trace(trace(7))).toBeDefined();
    expect(await it.store.statements.digests(RANGE)).toHaveLength(1);
    expect((await it.store.events.get('e'))?.title).toContain('nul\0');
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
    expect(await it.store.appendSpans(spans)).toMatchObject({
      accepted: 1,
      rejected: [{ reason: 'bad-time', count: 4 }],
    });
    expect(
      await it.store.appendStatements({
        runs: [makeRun({ at: Number.NaN }), makeRun({ at, durationMs: Number.NaN }), makeRun({ at })],
        notices: [],
      }),
    ).toMatchObject({ accepted: 1, rejected: [{ count: 2 }] });
    await it.store.compact();
    expect(await it.store.traces.search({ range: RANGE, order: 'slowest', limit: 9 })).toHaveLength(1);
    const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    expect(await it.store.statements.digests(everything)).toHaveLength(1);
    expect(await it.store.traces.spanSeries(everything)).toHaveLength(1);
    expect(await it.store.metrics.select([], everything)).toEqual([]);
    expect(await it.store.findings.list({ range: everything })).toEqual([]);
  });

  test('names longer than an index takes are kept apart', async () => {
    const at = NOW - HOUR;
    const long = ['a', 'b'].map((end) => `${'x'.repeat(5000)}${end}`);
    await it.store.appendSpans(
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
    await it.store.appendMetrics({
      ...metricBatch([[series(long[0] ?? '', { label: long[1] ?? '' }), [[at, 1]]]]),
      metadata: [{ name: long[0] ?? '', type: 'gauge', help: long[1] ?? '', unit: '' }],
    });
    await it.store.appendEvents([
      { id: 'e', kind: 'note', service: long[0] ?? '', version: '', at, title: 't', url: '', attributes: [] },
    ]);
    await it.store.compact();
    expect((await it.store.traces.operations(RANGE)).size).toBe(2);
    expect(await it.store.traces.spanSeries(RANGE, { service: long[1] ?? '' })).toHaveLength(1);
    expect(
      await it.store.traces.search({ range: RANGE, order: 'recent', limit: 9, service: long[0] ?? '' }),
    ).toHaveLength(1);
    expect(await it.store.events.list(RANGE, { service: long[0] ?? '' })).toHaveLength(1);
    expect(await it.store.metrics.labelValues('label', [], RANGE)).toEqual([long[1]]);
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
    await it.store.findings.save([
      { ...finding, evidence: [] },
      { ...finding, id: 'f2', evidence: [], lastSeen: NOW + 1, state: 'resolved' },
    ]);
    await it.store.findings.save([{ ...finding, evidence: [], confidence: 0.9 }]);
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
    await it.store.share.saveEmbed(embed);
    await it.store.steps.set({ findingId: 'f1', step: '2', done: true, at: NOW });
    await it.store.steps.set({ findingId: 'f1', step: '2', done: false, at: NOW + 1 });
    await it.reopen();
    expect((await it.store.findings.list({})).map((f) => f.id)).toEqual(['f2', 'f1']);
    expect(
      (await it.store.findings.list({ state: 'open', service: 'shop', detector: 'pool' })).map(
        (f) => f.confidence,
      ),
    ).toEqual([0.9]);
    expect(await it.store.findings.list({ range: { from: NOW + HOUR, to: NOW + 2 * HOUR } })).toEqual([]);
    expect(await it.store.findings.get('f1')).toEqual({ ...finding, confidence: 0.9 });
    expect(await it.store.share.embed('h')).toEqual(embed);
    expect(await it.store.share.embed('none')).toBeUndefined();
    await it.store.share.deleteSnapshot('none');
    expect(await it.store.steps.list('f1')).toEqual([
      { findingId: 'f1', step: '2', done: false, at: NOW + 1 },
    ]);
  });

  test('many appends at once share commits and are all there', async () => {
    const refs = Array.from({ length: 50 }, (_, i) => series('many', { i: String(i) }));
    await Promise.all(refs.map((ref, i) => it.store.appendMetrics(metricBatch([[ref, [[NOW - i, i]]]]))));
    await it.reopen();
    expect(
      (await it.store.metrics.select([], RANGE)).map((s) => s.values[0]).sort((a = 0, b = 0) => a - b),
    ).toEqual(refs.map((_, i) => i));
  });

  test('closing twice is fine, appending after it is refused', async () => {
    await it.store.close();
    await it.store.close();
    await expect(fill(it.store)).rejects.toMatchObject({ status: 503, code: 'store-closed' });
    it.store = await it.open();
  });
});
