import type { Store } from '#lib/store/store.ts';
import { hex, makeRun, makeSpan, metricBatch, series } from '#lib/store/testing/telemetry.ts';
import { HOUR, NOW, RANGE } from './harness.ts';

export const trace = (n: number): string => hex(n, 32);

/** Everything a reader can ask, in a form that compares. */
export async function answers(store: Store) {
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

export async function fill(store: Store, round = 0): Promise<void> {
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
