/**
 * Dashboard queries over a day of 2,000 series (11.5 M samples at 15 s), in memory, so that only the query engine is
 * measured: `node bench/promql.ts [FILE]`. FILE holds remote_write bodies, each behind 24 bytes that begin with its
 * length; without it the series are made up. Reports per query the first run, the median of five more, and the
 * longest stall of the event loop, for a range of 24 h in 300 steps.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';
import { type Labels, labelValue, makeLabels } from '#lib/model/labels.ts';
import type { Matcher, SeriesData, SeriesRef } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { rangeQuery } from '#lib/query/promql/engine.ts';
import type { MetricSource } from '#lib/query/promql/evaluation.ts';
import { matcherTest } from '#lib/query/promql/regex.ts';

const INTERVAL = 15_000;
const DAY = 86_400_000;
const H = 'http_request_duration_seconds';
const HEADER_BYTES = 24;

const QUERIES: readonly (readonly [name: string, query: string])[] = [
  ['rate_by_service', `sum by (service) (rate(${H}_count[5m]))`],
  ['latency_p50', `histogram_quantile(0.5, sum by (le, service) (rate(${H}_bucket[5m])))`],
  ['latency_p95', `histogram_quantile(0.95, sum by (le, service) (rate(${H}_bucket[5m])))`],
  ['latency_p99', `histogram_quantile(0.99, sum by (le, service) (rate(${H}_bucket[5m])))`],
  ['latency_mean', `sum by (service) (rate(${H}_sum[5m])) / sum by (service) (rate(${H}_count[5m]))`],
  [
    'error_ratio',
    `sum by (service) (rate(${H}_count{status=~"5.."}[5m])) / sum by (service) (rate(${H}_count[5m]))`,
  ],
  ['topk_routes', `topk(5, sum by (service, route) (rate(${H}_count[5m])))`],
  ['memory_avg', 'avg_over_time(process_resident_memory_bytes[10m])'],
  ['requests_per_hour', `sum by (route) (increase(${H}_count[1h]))`],
  ['fds_by_instance', 'max by (instance) (process_open_fds / process_max_fds)'],
  ['errors_or_zero', `sum by (service) (rate(${H}_count{status="500"}[5m])) or sum by (service) (up) * 0`],
  ['hour_over_hour', `sum(rate(${H}_count[5m])) / sum(rate(${H}_count[5m] offset 1h))`],
  ['cpu_by_service', 'sum by (service) (rate(process_cpu_seconds_total[2m]))'],
  [
    'pool_saturation',
    'max by (service) (db_pool_connections{state="used"} / ignoring(state) db_pool_max_connections)',
  ],
  [
    'apdex',
    `(sum by (service) (rate(${H}_bucket{le="0.25"}[5m])) + sum by (service) (rate(${H}_bucket{le="1"}[5m]))) / 2 / sum by (service) (rate(${H}_count[5m]))`,
  ],
  ['up_ratio', 'avg by (service) (up)'],
  ['raw_gauges', '{__name__=~"go_goroutines|nodejs_active_handles"}'],
  ['heat_buckets', `sum by (le) (increase(${H}_bucket{service="checkout"}[5m]))`],
];

/** A day of two services' worth of counters and gauges, for those without a file. */
function madeUp(): SeriesData[] {
  const bounds = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '20', '+Inf'];
  const samples = DAY / INTERVAL;
  const end = Date.UTC(2025, 0, 2);
  const series: SeriesData[] = [];
  for (let instance = 0; instance < 60; instance++) {
    const timestamps = Float64Array.from(
      { length: samples },
      (_, i) => end - DAY + i * INTERVAL + instance * 7,
    );
    const base = { service: instance % 5 ? `s-${instance % 5}` : 'checkout', instance: `10.0.0.${instance}` };
    const add = (name: string, labels: Record<string, string>, slope: number): void => {
      const values = new Float64Array(samples);
      for (let i = 1; i < samples; i++)
        values[i] =
          i === samples / 2 && instance % 7 === 0 ? 0 : (values[i - 1] ?? 0) + slope + ((i * 7) % 5);
      const all = makeLabels(Object.entries({ __name__: name, ...base, ...labels }));
      series.push({ labels: all, timestamps, values });
    };
    for (const route of ['/a', '/b']) {
      for (const status of ['200', '500']) add(`${H}_count`, { route, status }, 3);
      for (const [i, le] of bounds.entries()) add(`${H}_bucket`, { route, le }, i + 1);
      add(`${H}_sum`, { route }, 0.2);
    }
    for (const name of ['process_resident_memory_bytes', 'process_open_fds', 'process_max_fds', 'up'])
      add(name, {}, 0);
    add('process_cpu_seconds_total', {}, 0.1);
  }
  return series;
}

function fromFile(file: string): SeriesData[] {
  const bytes = readFileSync(file);
  const decoder = new RemoteWriteDecoder();
  const columns = new Map<SeriesRef, { times: number[]; values: Float64Array; count: number }>();
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    const body = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    at += HEADER_BYTES + length;
    const { series, offsets, timestamps, values } = decoder.decode(uncompress(body)).batch;
    const words = new BigUint64Array(values.buffer, values.byteOffset, values.length);
    for (const [index, ref] of series.entries()) {
      let column = columns.get(ref);
      if (!column) {
        column = { times: [], values: new Float64Array(2 * (DAY / INTERVAL)), count: 0 };
        columns.set(ref, column);
      }
      const out = new BigUint64Array(column.values.buffer);
      for (let i = offsets[index] ?? 0; i < (offsets[index + 1] ?? 0); i++) {
        column.times.push(timestamps[i] ?? 0);
        // As bits: a staleness marker must not become another NaN.
        out[column.count++] = words[i] ?? 0n;
      }
    }
  }
  const shared = new Map<string, Float64Array>();
  return [...columns].map(([{ labels }, { times, values, count }]) => {
    const key = times.join();
    const timestamps = shared.get(key) ?? Float64Array.from(times);
    shared.set(key, timestamps);
    return { labels, timestamps, values: values.slice(0, count) };
  });
}

class ArrayReader implements MetricSource {
  readonly #series: readonly SeriesData[];

  constructor(series: readonly SeriesData[]) {
    this.#series = series;
  }

  select(matchers: readonly Matcher[], range: TimeRange): Promise<SeriesData[]> {
    const tests = matchers.map((matcher) => [matcher.name, matcherTest(matcher)] as const);
    const wanted = (labels: Labels): boolean => tests.every(([name, test]) => test(labelValue(labels, name)));
    const cut = new Map<Float64Array, readonly [number, number, Float64Array]>();
    return Promise.resolve(
      this.#series.flatMap(({ labels, timestamps, values }) => {
        if (!wanted(labels)) return [];
        let part = cut.get(timestamps);
        if (!part) {
          const from = timestamps.findIndex((time) => time >= range.from);
          const to = timestamps.findLastIndex((time) => time <= range.to) + 1;
          part = [from, to, timestamps.subarray(from, to)];
          cut.set(timestamps, part);
        }
        const [from, to, times] = part;
        return to > from && from >= 0
          ? [{ labels, timestamps: times, values: values.subarray(from, to) }]
          : [];
      }),
    );
  }
}

const file = process.argv[2];
const series = file === undefined ? madeUp() : fromFile(file);
const newest = series.reduce((latest, { timestamps }) => Math.max(latest, timestamps.at(-1) ?? 0), 0);
const reader = new ArrayReader(series);
const stepMs = DAY / 300;
const endMs = Math.floor(newest / stepMs) * stepMs;
const options = { startMs: endMs - DAY, endMs, stepMs };
const delay = monitorEventLoopDelay({ resolution: 2 });
const samples = series.reduce((sum, { values }) => sum + values.length, 0);
console.log(`${series.length} series, ${samples} samples; 24 h at a step of ${stepMs / 1000} s (ms)`);
console.log(' first  median   stall  query');
const sums = { first: 0, median: 0, select: 0 };
const first = new Map<string, number>();
delay.enable();
const run = async (query: string): Promise<{ ms: number; selectMs: number }> => {
  await nextTurn();
  const start = performance.now();
  const { stats } = await rangeQuery(reader, query, options);
  return { ms: performance.now() - start, selectMs: stats.timings.selectMs };
};
for (const [name, query] of QUERIES) first.set(name, (await run(query)).ms);
for (const [name, query] of QUERIES) {
  delay.reset();
  const runs: { ms: number; selectMs: number }[] = [];
  for (let i = 0; i < 5; i++) runs.push(await run(query));
  const median = runs.toSorted((a, b) => a.ms - b.ms)[2] ?? { ms: 0, selectMs: 0 };
  sums.first += first.get(name) ?? 0;
  sums.median += median.ms;
  sums.select += median.selectMs;
  const cells = [first.get(name) ?? 0, median.ms, delay.max / 1e6].map((ms) => ms.toFixed(1).padStart(6));
  console.log(`${cells.join('  ')}  ${name}`);
}
console.log(
  `sum: first ${sums.first.toFixed(0)}, median ${sums.median.toFixed(0)} (of that ${sums.select.toFixed(0)} reading)`,
);
