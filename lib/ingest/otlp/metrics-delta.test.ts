import { describe, expect, test } from 'vitest';
import { labelsObject } from '#lib/model/labels.ts';
import type { MetricBatch } from '#lib/model/metrics.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { DeltaStreams } from './delta-streams.ts';
import { OtlpMetricsDecoder } from './metrics.ts';
import type { TestMetric, TestPoint } from './metrics-encode.testing.ts';
import { attribute, metricsJson, metricsProtobuf } from './metrics-encode.testing.ts';

const T0 = 1_700_000_000_000;
const nanos = (seconds: number) => `${T0 + seconds * 1000}000000`;
/** Of the ten seconds before. */
const at = (seconds: number, point: Partial<TestPoint>): TestPoint => ({
  startTimeUnixNano: nanos(seconds - 10),
  timeUnixNano: nanos(seconds),
  ...point,
});
const counter = (...dataPoints: TestPoint[]): TestMetric => ({
  name: 'jobs',
  sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints },
});
const histogram = (...dataPoints: TestPoint[]): TestMetric => ({
  name: 'took',
  histogram: { aggregationTemporality: 1, dataPoints },
});
const exponential = (...dataPoints: TestPoint[]): TestMetric => ({
  name: 'took',
  exponentialHistogram: { aggregationTemporality: 1, dataPoints },
});

/** `name` (and `le`) with seconds since T0 and value, as it came */
const rows = (batch: MetricBatch) =>
  batch.series.flatMap(({ labels }, i) => {
    const { __name__, le } = labelsObject(labels);
    const name = le === undefined ? __name__ : `${__name__} ${le}`;
    const list: [string | undefined, number, number | undefined][] = [];
    for (let k = batch.offsets[i] ?? 0; k < (batch.offsets[i + 1] ?? 0); k++)
      list.push([name, ((batch.timestamps[k] ?? 0) - T0) / 1000, batch.values[k]]);
    return list;
  });

describe.each([
  [
    'JSON',
    (d: OtlpMetricsDecoder, metrics: TestMetric[], now = T0) => d.decode(metricsJson(metrics), 'json', now),
  ],
  [
    'protobuf',
    (d: OtlpMetricsDecoder, metrics: TestMetric[], now = T0) =>
      d.decode(metricsProtobuf(metrics), 'protobuf', now),
  ],
])('deltas in %s', (_encoding, decode) => {
  test('are added up from body to body, from a zero at the first start on', () => {
    const decoder = new OtlpMetricsDecoder();
    expect(rows(decode(decoder, [counter(at(10, { asDouble: 5 }))]).batch)).toEqual([
      ['jobs_total', 0.001, 0],
      ['jobs_total', 10, 5],
    ]);
    expect(rows(decode(decoder, [counter(at(20, { asDouble: 2 }), at(30, { asDouble: 1 }))]).batch)).toEqual([
      ['jobs_total', 20, 7],
      ['jobs_total', 30, 8],
    ]);
  });

  test('of one series do not mix with those of another', () => {
    const decoder = new OtlpMetricsDecoder();
    const of = (route: string, asDouble: number, seconds: number) =>
      at(seconds, { asDouble, attributes: [attribute('route', route)] });
    decode(decoder, [counter(of('a', 1, 10), of('b', 10, 10))]);
    expect(rows(decode(decoder, [counter(of('b', 1, 20), of('a', 1, 20))]).batch)).toEqual([
      ['jobs_total', 20, 11],
      ['jobs_total', 20, 2],
    ]);
  });

  test('sent again say the same again; late ones are counted and change nothing', () => {
    const decoder = new OtlpMetricsDecoder();
    decode(decoder, [counter(at(10, { asDouble: 5 }))]);
    const second = [counter(at(20, { asDouble: 2 }))];
    decode(decoder, second);
    const again = decode(decoder, second);
    expect(again.rejected).toEqual([]);
    expect(rows(again.batch)).toEqual([['jobs_total', 20, 7]]);
    const late = decode(decoder, [counter(at(15, { asDouble: 1 }), at(20, { asDouble: 9 }))]);
    expect(late.rejected).toEqual([
      { reason: 'delta-out-of-order', count: 2, message: expect.stringContaining('jobs_total') },
    ]);
    expect(rows(decode(decoder, [counter(at(30, { asDouble: 1 }))]).batch)).toEqual([['jobs_total', 30, 8]]);
  });

  test('after the end of a series it begins anew', () => {
    const decoder = new OtlpMetricsDecoder();
    decode(decoder, [counter(at(10, { asDouble: 5 }))]);
    const { batch } = decode(decoder, [counter(at(20, { flags: 1 }))]);
    expect(isStale(wordsOf(batch.values), 0)).toBe(true);
    expect(rows(decode(decoder, [counter(at(30, { asDouble: 2 }))]).batch)).toEqual([
      ['jobs_total', 20.001, 0],
      ['jobs_total', 30, 2],
    ]);
  });

  test('without a start have no zero', () => {
    const point = { timeUnixNano: nanos(10), asDouble: 5 };
    expect(rows(decode(new OtlpMetricsDecoder(), [counter(point)]).batch)).toEqual([['jobs_total', 10, 5]]);
  });

  test('of histograms; other bounds begin anew', () => {
    const decoder = new OtlpMetricsDecoder();
    const bounds = { explicitBounds: [1, 2], bucketCounts: [1, 2, 3], count: 6, sum: 10 };
    decode(decoder, [histogram(at(10, bounds))]);
    expect(rows(decode(decoder, [histogram(at(20, bounds))]).batch)).toEqual([
      ['took_bucket 1', 20, 2],
      ['took_bucket 2', 20, 6],
      ['took_bucket +Inf', 20, 12],
      ['took_count', 20, 12],
      ['took_sum', 20, 20],
    ]);
    const other = { explicitBounds: [5], bucketCounts: [1, 1], count: 2, sum: 3 };
    expect(rows(decode(decoder, [histogram(at(30, other))]).batch)).toEqual([
      ['took_bucket 5', 20.001, 0],
      ['took_bucket +Inf', 20.001, 0],
      ['took_count', 20.001, 0],
      ['took_sum', 20.001, 0],
      ['took_bucket 5', 30, 1],
      ['took_bucket +Inf', 30, 2],
      ['took_count', 30, 2],
      ['took_sum', 30, 3],
    ]);
  });

  test('of exponential histograms, at the coarser scale of both', () => {
    const decoder = new OtlpMetricsDecoder();
    const first = decode(decoder, [
      exponential(
        at(10, {
          scale: 2,
          count: 7,
          sum: 9,
          zeroCount: 1,
          positive: { offset: 3, bucketCounts: [1, 2, 3] },
        }),
      ),
    ]);
    expect(first.batch.histograms).toMatchObject([
      { timestamp: T0 + 1, histogram: { count: 0, positive: { spans: [] } } },
      {
        timestamp: T0 + 10_000,
        histogram: {
          schema: 2,
          positive: { spans: [{ offset: 4, length: 3 }], counts: Float64Array.of(1, 2, 3) },
        },
      },
    ]);
    const second = decode(decoder, [
      exponential(
        at(20, {
          scale: 1,
          count: 5,
          sum: 1,
          positive: { offset: 0, bucketCounts: [4] },
          negative: { offset: -1, bucketCounts: [1] },
        }),
      ),
    ]);
    expect(second.rejected).toEqual([]);
    // At scale 1: 3 → 1, 4 and 5 → 2.
    expect(second.batch.histograms?.map((h) => h.histogram)).toEqual([
      {
        schema: 1,
        counterReset: 'unknown',
        count: 12,
        sum: 10,
        zeroThreshold: 1e-128,
        zeroCount: 1,
        positive: { spans: [{ offset: 1, length: 3 }], counts: Float64Array.of(4, 1, 5) },
        negative: { spans: [{ offset: 0, length: 1 }], counts: Float64Array.of(1) },
        customValues: new Float64Array(0),
      },
    ]);
  });
});

test('a spread that no run of buckets holds is kept at a lower resolution', () => {
  const decoder = new OtlpMetricsDecoder();
  const one = (seconds: number, offset: number) =>
    metricsJson([exponential(at(seconds, { scale: 8, count: 1, positive: { offset, bucketCounts: [1] } }))]);
  decoder.decode(one(10, 0), 'json', T0);
  const { batch } = decoder.decode(one(20, 1000), 'json', T0);
  expect(batch.histograms?.[0]?.histogram).toMatchObject({
    schema: 5,
    count: 2,
    positive: { counts: Float64Array.of(1, 1) },
  });
});

test('a wider zero bucket takes in what lies within it', () => {
  const decoder = new OtlpMetricsDecoder();
  const one = (seconds: number, point: Partial<TestPoint>) =>
    decoder.decode(metricsJson([exponential(at(seconds, { scale: 0, ...point }))]), 'json', T0).batch;
  // (1, 2], (2, 4] and (4, 8]
  one(10, { count: 6, positive: { offset: 0, bucketCounts: [1, 2, 3] } });
  const batch = one(20, { count: 1, zeroCount: 1, zeroThreshold: 4 });
  expect(batch.histograms?.[0]?.histogram).toMatchObject({
    zeroThreshold: 4,
    zeroCount: 4,
    count: 7,
    positive: { spans: [{ offset: 3, length: 1 }], counts: Float64Array.of(3) },
  });
});

describe('what is remembered is bounded', () => {
  const add = (streams: DeltaStreams<number>, key: string, seconds: number, now: number) =>
    streams.add({ key, at: seconds, value: 1, size: 40 }, (a, b) => a + b, now);

  test('a new stream is refused while all are active, and takes the place of a silent one', () => {
    const streams = new DeltaStreams<number>(1000);
    for (let i = 0; i < 10; i++) expect(add(streams, `s${i}`, 1, 0)).toEqual({ total: 1, begins: true });
    expect(add(streams, 'new', 1, 1000)).toMatchObject({
      reason: 'too-many-delta-streams',
      message: expect.stringContaining('10 series'),
    });
    for (let i = 1; i < 10; i++)
      expect(add(streams, `s${i}`, 2, 500_000)).toEqual({ total: 2, begins: false });
    expect(add(streams, 'new', 1, 700_000)).toEqual({ total: 1, begins: true });
    expect(add(streams, 's5', 3, 700_000)).toEqual({ total: 3, begins: false });
    expect(add(streams, 's0', 3, 700_000)).toMatchObject({ reason: 'too-many-delta-streams' });
  });

  test('a stream that has ended makes room', () => {
    const streams = new DeltaStreams<number>(100);
    add(streams, 'a', 1, 0);
    streams.end('a');
    streams.end('never');
    expect(add(streams, 'b', 1, 0)).toEqual({ total: 1, begins: true });
  });
});
