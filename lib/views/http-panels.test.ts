import { expect, test } from 'vitest';
import type { Labels } from '#lib/model/labels.ts';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import { httpPanels } from './http-panels.ts';

const FROM = Date.UTC(2026, 10, 20, 12);
const range = { from: FROM, to: FROM + 80_000 };

/** A counter scraped every 10 s. */
function counter(role: SignalSeries['role'], values: number[], ...labels: Labels): SignalSeries {
  const metric = role.endsWith('bucket')
    ? 'http_request_duration_seconds_bucket'
    : 'http_request_duration_seconds_count';
  return {
    role,
    service: 'orders',
    instance: 'a',
    part: '',
    metric,
    labels: [['__name__', metric], ...labels],
    timestamps: Float64Array.from(values, (_, i) => FROM + i * 10_000),
    values: Float64Array.from(values),
  };
}

const steady = (perScrape: number) => Array.from({ length: 8 }, (_, i) => i * perScrape);
const series = [
  counter('http.server.duration_count', steady(90), ['status_code', '200']),
  counter('http.server.duration_count', steady(10), ['status_code', '503']),
  counter('http.server.duration_bucket', steady(50), ['le', '0.1']),
  counter('http.server.duration_bucket', steady(100), ['le', '0.5']),
  counter('http.server.duration_bucket', steady(100), ['le', '+Inf']),
];
const values = (id: string, key: string) =>
  httpPanels(series, range)
    .find((panel) => panel.id === id)
    ?.series.find((line) => line.key === key)?.values;

test('histograms give rate, share of server errors and quantiles per step', () => {
  expect(values('throughput', 'requests')).toEqual([10, 10, 10, 10]);
  expect(values('errors', 'errors')).toEqual([0.1, 0.1, 0.1, 0.1]);
  expect(values('latency', 'p50')).toEqual([100, 100, 100, 100]);
  // Halfway to the rank's place between 0.1 s and 0.5 s.
  expect(values('latency', 'p95')).toEqual([460, 460, 460, 460]);
});

test('without requests there are no panels', () => {
  expect(httpPanels([counter('http.server.duration_count', [5])], range)).toEqual([]);
  expect(httpPanels([], range)).toEqual([]);
});
