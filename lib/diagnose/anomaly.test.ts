import { describe, expect, test } from 'vitest';
import { makeLabels } from '#lib/model/labels.ts';
import type { SeriesData } from '#lib/model/metrics.ts';
import { addTraceTimes, groupSeries, nodesOf, resourceOf } from './anomaly-nodes.ts';
import { aspectOf, seriesAnomaly } from './anomaly-series.ts';
import { timeShifts, traceTimes } from './anomaly-traces.ts';
import { BASELINE, repeat, T0, traceOf, WINDOW, wobble } from './evidence.testing.ts';

const series = (
  name: string,
  value: (at: number) => number,
  labels: Record<string, string> = { service: 'shop' },
): SeriesData => {
  const at = repeat(66, (i) => T0 - 3_600_000 + i * 60_000);
  return {
    labels: makeLabels([['__name__', name], ...Object.entries(labels)]),
    timestamps: Float64Array.from(at),
    values: Float64Array.from(at, value),
  };
};
const step = (usual: number, now: number) => (at: number) =>
  (at >= T0 ? now : usual) * (1 + 0.05 * wobble(at / 60_000));

test.each([
  ['service_latency_seconds', 'latency'],
  ['http_request_duration_seconds_sum', undefined],
  ['container_cpu_usage_seconds_total', 'cpu'],
  ['pod_memory_percent', 'memory'],
  ['pod_node_cpu_percent', undefined],
  ['service_availability_percent', 'errors'],
  ['queue_depth', 'queue'],
  ['build_info', undefined],
])('%s tells of %s', (name, aspect) => {
  expect(aspectOf(name)).toBe(aspect);
});

describe('seriesAnomaly', () => {
  const of = (s: SeriesData) => seriesAnomaly(s, WINDOW, BASELINE);
  test('a rise is far out, a usual level is not', () => {
    expect(of(series('service_latency_seconds', step(0.1, 0.5)))?.score).toBeGreaterThan(10);
    expect(of(series('service_latency_seconds', step(0.1, 0.1)))?.score).toBeLessThan(2);
  });
  test('falling availability is worse, rising is not', () => {
    expect(of(series('service_availability_percent', (at) => (at >= T0 ? 60 : 100)))?.score).toBeGreaterThan(
      3,
    );
    expect(of(series('service_availability_percent', (at) => (at >= T0 ? 100 : 60)))?.score).toBeLessThan(0);
  });
  test('the onset may lie inside the window', () => {
    const late = of(series('service_latency_seconds', (at) => (at >= T0 + 120_000 ? 1 : 0.1)));
    expect(late?.onset).toBe(T0 + 120_000);
  });
  test('calls between two services belong to the pair', () => {
    const edge = of(series('edge_latency_seconds', step(0.1, 0.5), { client: 'web', server: 'shop' }));
    expect(edge).toMatchObject({ service: 'web', callee: 'shop' });
  });
  test('too little to compare is nothing', () => {
    expect(
      seriesAnomaly(
        series('service_latency_seconds', () => 1),
        WINDOW,
        [],
      ),
    ).toBeUndefined();
    expect(of(series('service_latency_seconds', () => 1, {}))).toBeUndefined();
  });
});

test('latency that only callers see, without a resource that rose, is the network', () => {
  const anomaly = seriesAnomaly(
    series('edge_latency_seconds', step(0.1, 0.9), { client: 'web', server: 'shop' }),
    WINDOW,
    BASELINE,
  );
  const cpu = seriesAnomaly(series('pod_cpu_percent', step(20, 95)), WINDOW, BASELINE);
  const network = nodesOf(groupSeries(anomaly ? [anomaly] : [])).get('shop');
  const pressed = nodesOf(groupSeries(anomaly && cpu ? [anomaly, cpu] : [])).get('shop');
  expect(network && resourceOf(network)).toBe('network');
  expect(pressed && resourceOf(pressed)).toBe('cpu');
});

describe('times in traces', () => {
  const traces = (ownMs: number, gapMs: number) =>
    repeat(20, (i) =>
      traceOf(i * 1000, (span) => {
        const own = ownMs * (1 + 0.1 * wobble(i));
        const entry = span({ name: 'GET /', kind: 'server', service: 'web', ms: 20 + own + gapMs });
        const call = span({ name: 'call', kind: 'client', parent: entry, at: 1, ms: 10 + own + gapMs });
        span({ name: 'work', kind: 'server', service: 'shop', parent: call, at: 1 + gapMs / 2, ms: own });
      }),
    );
  test('own time and time between services are told apart', () => {
    const before = traceTimes(traces(10, 2));
    expect(timeShifts(before.own, traceTimes(traces(60, 2)).own)[0]?.key).toBe('shop\u0000work');
    expect(timeShifts(before.gap, traceTimes(traces(10, 90)).gap)[0]).toMatchObject({
      key: '["web","shop"]',
    });
  });
  test('own time is held against the service that spends it', () => {
    const nodes = nodesOf([]);
    addTraceTimes(nodes, traces(10, 2), traces(60, 2));
    expect(nodes.get('shop')?.ownMs).toBeCloseTo(50, -1);
    expect(nodes.get('web')?.ownMs ?? 0).toBe(0);
  });
  test('too few traces say nothing', () => {
    const nodes = nodesOf([]);
    expect(addTraceTimes(nodes, traces(10, 2).slice(0, 3), traces(60, 2))).toBe(0);
    expect(nodes.size).toBe(0);
  });
});
