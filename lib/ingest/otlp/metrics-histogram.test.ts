import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { labelValue } from '#lib/model/labels.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { boundText } from './labels.ts';
import { OtlpMetricsDecoder } from './metrics.ts';
import type { TestMetric, TestPoint } from './metrics-encode.testing.ts';
import { attribute, metricsJson, metricsProtobuf } from './metrics-encode.testing.ts';

const AT = '1700000000123000000';
const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const both = (...metrics: TestMetric[]) => {
  const fromJson = new OtlpMetricsDecoder().decode(metricsJson(metrics), 'json');
  expect(new OtlpMetricsDecoder().decode(metricsProtobuf(metrics), 'protobuf')).toEqual(fromJson);
  return fromJson;
};
const exponential = (point: Partial<TestPoint>): TestMetric => ({
  name: 'rpc.duration',
  unit: 's',
  exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: AT, ...point }] },
});
const explicit = (point: Partial<TestPoint>): TestMetric => ({
  name: 'took',
  histogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: AT, ...point }] },
});

describe('exponential histograms', () => {
  test('become native ones; OpenTelemetry counts buckets from the lower bound, Prometheus from the upper', () => {
    const { batch, rejected } = both(
      exponential({
        scale: 3,
        count: 12,
        sum: 3.5,
        zeroCount: 2,
        zeroThreshold: 0.001,
        positive: { offset: -2, bucketCounts: [1, 0, 0, 4, 0, 0, 0, 2] },
        negative: { offset: 0, bucketCounts: [3] },
      }),
    );
    expect(rejected).toEqual([]);
    expect(batch.series.map((s) => labelValue(s.labels, '__name__'))).toEqual(['rpc_duration_seconds']);
    expect(batch.metadata).toMatchObject([
      { name: 'rpc_duration_seconds', type: 'histogram', unit: 'seconds' },
    ]);
    expect(batch.histograms).toEqual([
      {
        series: 0,
        timestamp: 1700000000123,
        histogram: {
          schema: 3,
          counterReset: 'unknown',
          count: 12,
          sum: 3.5,
          zeroThreshold: 0.001,
          zeroCount: 2,
          positive: {
            spans: [
              { offset: -1, length: 4 },
              { offset: 3, length: 1 },
            ],
            counts: Float64Array.of(1, 0, 0, 4, 2),
          },
          negative: { spans: [{ offset: 1, length: 1 }], counts: Float64Array.of(3) },
          customValues: new Float64Array(0),
        },
      },
    ]);
  });

  test('finer ones than Prometheus has are read at its finest', () => {
    const { batch } = both(
      exponential({ scale: 10, count: 9, positive: { offset: -5, bucketCounts: new Array(9).fill(1) } }),
    );
    // -5 │ -4 … -1 │ 0 … 3, at scale 8 -2, -1, 0
    expect(batch.histograms?.[0]?.histogram).toMatchObject({
      schema: 8,
      positive: { spans: [{ offset: -1, length: 3 }], counts: Float64Array.of(1, 4, 4) },
    });
  });

  test('with no recorded value end their series', () => {
    const { batch, rejected } = both(exponential({ flags: 1 }));
    expect(rejected).toEqual([]);
    expect(batch.histograms).toBeUndefined();
    expect(isStale(wordsOf(batch.values), 0)).toBe(true);
  });

  test.each<[string, Partial<TestPoint>, string, string]>([
    ['a scale below -4', { scale: -5 }, 'bad-histogram', 'scale -5'],
    ['a scale beyond any', { scale: 1_000_000 }, 'bad-histogram', 'scale 1000000'],
    ['a count that is not that of the buckets', { count: 3 }, 'bad-histogram', 'count says 3'],
    [
      'an offset beyond any bucket',
      { count: 1, positive: { offset: 2 ** 31 - 1, bucketCounts: [1] } },
      'bad-histogram',
      'offset 2147483647',
    ],
    [
      '64 k buckets',
      { count: 65_536, positive: { offset: 0, bucketCounts: new Array(65_536).fill(1) } },
      'too-many-buckets',
      '65536 buckets, at most 10000',
    ],
  ])('%s is rejected by name, the rest kept', (_what, point, reason, message) => {
    const good = exponential({ count: 1, positive: { offset: 0, bucketCounts: [1] } });
    const { batch, rejected } = both(exponential(point), good);
    expect(rejected).toEqual([{ reason, count: 1, message: expect.stringContaining(message) }]);
    expect(rejected[0]?.message).toContain('rpc_duration_seconds');
    expect(batch.histograms).toHaveLength(1);
  });

  test('any numbers give a batch or a Fault, fast', () => {
    const buckets = fc.record({ offset: fc.integer(), bucketCounts: fc.array(fc.nat(), { maxLength: 50 }) });
    const point = fc.record(
      {
        scale: fc.integer({ min: -20, max: 60 }),
        count: fc.nat(),
        zeroCount: fc.nat(),
        positive: buckets,
        negative: buckets,
      },
      { requiredKeys: [] },
    );
    const decoder = new OtlpMetricsDecoder();
    fc.assert(
      fc.property(point, fc.boolean(), fc.nat({ max: 1e6 }), (given, isDelta, seconds) => {
        const inAll = [given.positive, given.negative].flatMap((side) => side?.bucketCounts ?? []);
        const count = inAll.reduce((sum, n) => sum + n, given.zeroCount ?? 0);
        const metric = exponential({ ...given, count, timeUnixNano: `${1_700_000_000 + seconds}000000000` });
        const data = {
          ...metric.exponentialHistogram,
          aggregationTemporality: isDelta ? 1 : 2,
          dataPoints: metric.exponentialHistogram?.dataPoints ?? [],
        };
        const body = metricsJson([{ ...metric, exponentialHistogram: data }]);
        const run = () => {
          try {
            const { batch } = decoder.decode(body, 'json');
            for (const { histogram } of batch.histograms ?? [])
              expect(histogram.schema).toBeGreaterThanOrEqual(-4);
          } catch (error) {
            if (!isFault(error)) throw error;
          }
        };
        expect(cpuMillis(run)).toBeLessThan(50);
      }),
      { numRuns: 500 },
    );
  });
});

describe('explicit histograms', () => {
  test('an infinite last bound is the bucket that is there anyway', () => {
    const { batch } = new OtlpMetricsDecoder().decode(
      metricsProtobuf([
        explicit({ count: 3, explicitBounds: [1, Number.POSITIVE_INFINITY], bucketCounts: [1, 2, 0] }),
      ]),
      'protobuf',
    );
    expect(batch.series.map((s) => labelValue(s.labels, 'le'))).toEqual(['1', '+Inf', '']);
  });

  test.each<[string, Partial<TestPoint>, string]>([
    ['bounds that do not ascend', { explicitBounds: [2, 1], bucketCounts: [0, 0, 0] }, 'bad-histogram'],
    ['1,001 bounds', { explicitBounds: Array.from({ length: 1001 }, (_, i) => i) }, 'too-many-buckets'],
  ])('%s', (_what, point, reason) => {
    expect(both(explicit(point)).rejected).toMatchObject([{ reason, count: 1 }]);
  });

  test.each([
    [1e-7, '0.0000001'],
    [1.25e-10, '0.000000000125'],
    [1e21, '1000000000000000000000'],
    [-1.5e22, '-15000000000000000000000'],
    [0.005, '0.005'],
    [10, '10'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('the bound %d is written %s', (bound, text) => {
    expect(boundText(bound)).toBe(text);
  });
});

describe('exemplars', () => {
  const exemplar = { timeUnixNano: '1700000000001000000', asDouble: 1.5, traceId: TRACE, spanId: SPAN };
  const taken = (value: number, timestamp = 1700000000001) => ({
    labels: [
      ['span_id', SPAN],
      ['trace_id', TRACE],
    ],
    value,
    timestamp,
  });

  test('of a counter, with the attributes that fit beside the trace', () => {
    const dataPoints = [
      {
        timeUnixNano: AT,
        asDouble: 3,
        exemplars: [
          { ...exemplar, filteredAttributes: [attribute('user.id', '7')] },
          { ...exemplar, timeUnixNano: '0', filteredAttributes: [attribute('url', 'x'.repeat(100))] },
          { asDouble: 9, traceId: '0'.repeat(32) },
        ],
      },
    ];
    const { batch, rejected } = both({
      name: 'jobs',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints },
    });
    expect(rejected).toEqual([]);
    expect(batch.exemplars).toEqual([
      {
        series: 0,
        exemplar: {
          ...taken(1.5),
          labels: [
            ['span_id', SPAN],
            ['trace_id', TRACE],
            ['user_id', '7'],
          ],
        },
      },
      { series: 0, exemplar: taken(1.5, 1700000000123) },
      { series: 0, exemplar: { labels: [], value: 9, timestamp: 1700000000123 } },
    ]);
  });

  test('of a histogram stand at the bucket that they fell into', () => {
    const { batch } = both(
      explicit({
        count: 3,
        sum: 1,
        explicitBounds: [1, 2],
        bucketCounts: [1, 1, 1],
        exemplars: [2, 0.5, 77].map((asDouble) => ({ ...exemplar, asDouble })),
      }),
    );
    expect(
      batch.exemplars?.map(({ series, exemplar: { value } }) => [
        labelValue(batch.series[series]?.labels ?? [], 'le'),
        value,
      ]),
    ).toEqual([
      ['1', 0.5],
      ['2', 2],
      ['+Inf', 77],
    ]);
  });

  test('of an exponential histogram stand at it', () => {
    const { batch } = both(
      exponential({ count: 1, positive: { offset: 0, bucketCounts: [1] }, exemplars: [exemplar] }),
    );
    expect(batch.exemplars).toEqual([{ series: 0, exemplar: taken(1.5) }]);
  });
});

test('names as they are, where the decoder is told so', () => {
  const metric: TestMetric = {
    name: 'http.größe',
    unit: 'By',
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [{ timeUnixNano: AT, asDouble: 1, attributes: [attribute('http.route', '/')] }],
    },
  };
  const { batch } = new OtlpMetricsDecoder('NoUTF8EscapingWithSuffixes').decode(
    metricsJson([metric]),
    'json',
  );
  expect(batch.series[0]?.labels.slice(0, 2)).toEqual([
    ['__name__', 'http.größe_bytes_total'],
    ['http.route', '/'],
  ]);
});
