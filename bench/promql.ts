/**
 * Dashboard queries over 2,000 series × 24 h at 15 s (11.5 M samples), in memory, so that only the query engine
 * is measured: `node bench/promql.ts`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Labels, makeLabels } from '#lib/model/labels.ts';
import type { Matcher, SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { rangeQuery } from '#lib/query/promql/engine.ts';
import type { MetricSource } from '#lib/query/promql/evaluation.ts';

const STEP = 15_000;
const SAMPLES = 5760;
const START = Date.UTC(2025, 0, 1);
const END = START + (SAMPLES - 1) * STEP;

function counters(): SeriesData[] {
  const bounds = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '20', '+Inf'];
  const series: SeriesData[] = [];
  const add = (pairs: [string, string][], slope: number): void => {
    const labels = makeLabels(pairs);
    const values = new Float64Array(SAMPLES);
    let value = 0;
    for (let i = 0; i < SAMPLES; i++) {
      value = i === SAMPLES / 2 && series.length % 50 === 0 ? 0 : value + slope + ((i * 7) % 5);
      values[i] = value;
    }
    const timestamps = Float64Array.from({ length: SAMPLES }, (_, i) => START + i * STEP);
    series.push({ labels, timestamps, values });
  };
  for (let instance = 0; instance < 100; instance++) {
    const base: [string, string][] = [
      ['job', `job-${instance % 5}`],
      ['instance', `10.0.0.${instance}:9100`],
    ];
    for (let route = 0; route < 10; route++)
      add([['__name__', 'http_requests_total'], ['route', `/r${route}`], ...base], route + 1);
    for (const [index, le] of bounds.entries())
      add([['__name__', 'latency_seconds_bucket'], ['le', le], ...base], index + 1);
  }
  return series;
}

class ArrayReader implements MetricSource {
  readonly #series: readonly SeriesData[];

  constructor(series: readonly SeriesData[]) {
    this.#series = series;
  }

  select(matchers: readonly Matcher[], range: TimeRange): Promise<SeriesData[]> {
    const wanted = (labels: Labels): boolean =>
      matchers.every(({ name, value }) => labels.some((label) => label[0] === name && label[1] === value));
    const from = Math.max(0, Math.ceil((range.from - START) / STEP));
    const to = Math.min(SAMPLES, Math.floor((range.to - START) / STEP) + 1);
    return Promise.resolve(
      this.#series
        .filter(({ labels }) => wanted(labels))
        .map(({ labels, timestamps, values }) => ({
          labels,
          timestamps: timestamps.subarray(from, to),
          values: values.subarray(from, to),
        })),
    );
  }
}

const QUERIES = [
  'sum(rate(http_requests_total[5m]))',
  'sum by (job) (rate(http_requests_total[5m]))',
  'http_requests_total',
  'topk(5, rate(http_requests_total[5m]))',
  'histogram_quantile(0.99, sum by (le, job) (rate(latency_seconds_bucket[5m])))',
  'rate(http_requests_total{job="job-1"}[5m]) / on(job, instance) group_left sum by (job, instance) (rate(http_requests_total[5m]))',
  'max_over_time(http_requests_total[1h])',
  'avg_over_time(sum(rate(http_requests_total[5m]))[30m:1m])',
];

const reader = new ArrayReader(counters());
const options = { startMs: START, endMs: END };
let total = 0;
const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
for (const stepMs of [60_000, 300_000]) {
  console.log(`24 h at a step of ${stepMs / 1000} s (median of 5, longest stall of the event loop; ms)`);
  for (const query of QUERIES) {
    const times: number[] = [];
    delay.reset();
    for (let run = 0; run < 5; run++) {
      const start = performance.now();
      await rangeQuery(reader, query, { ...options, stepMs });
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[2] ?? 0;
    total += median;
    const stall = (delay.max / 1e6).toFixed(0).padStart(6);
    console.log(`${median.toFixed(0).padStart(6)} ${stall}  ${query}`);
  }
}
console.log(`sum ${total.toFixed(0)} ms`);
