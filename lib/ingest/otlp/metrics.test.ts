import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { labelsObject } from '#lib/model/labels.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import type { DecodedMetrics } from './metrics.ts';
import { OtlpMetricsDecoder } from './metrics.ts';

const AT = '1700000000123000000';
const attr = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const RESOURCE = [
  attr('service.name', 'cart'),
  attr('service.namespace', 'shop'),
  attr('service.instance.id', 'cart-0'),
];
const requestOf = (...metrics: unknown[]) => ({
  resourceMetrics: [{ resource: { attributes: [...RESOURCE] }, scopeMetrics: [{ metrics }] }],
});
const decode = (request: unknown) =>
  new OtlpMetricsDecoder().decode(Buffer.from(JSON.stringify(request)), 'json');

/** `name{label=…}` → value, without the target's labels */
function valuesOf({ batch }: DecodedMetrics): Record<string, number> {
  const rows = batch.series.map(({ labels }, i): [string, number] => {
    const { __name__, job, instance, ...rest } = labelsObject(labels);
    expect([job, instance]).toEqual(['shop/cart', 'cart-0']);
    const shown = Object.entries(rest).map(([key, value]) => `${key}=${value}`);
    return [`${__name__}{${shown.join()}}`, batch.values[batch.offsets[i] ?? 0] ?? Number.NaN];
  });
  return Object.fromEntries(rows);
}

const sum = (extra: object = {}, point: object = {}) => ({
  name: 'http.requests',
  description: 'Requests',
  sum: {
    aggregationTemporality: 2,
    isMonotonic: true,
    dataPoints: [{ timeUnixNano: AT, asInt: '7', attributes: [attr('http.route', '/cart')], ...point }],
    ...extra,
  },
});
const histogram = (point: object = {}) => ({
  name: 'http.duration',
  unit: 's',
  histogram: {
    aggregationTemporality: 2,
    dataPoints: [
      {
        timeUnixNano: AT,
        count: '6',
        sum: 1.5,
        bucketCounts: ['1', '2', '3'],
        explicitBounds: [0.1, 1],
        ...point,
      },
    ],
  },
});

test('a counter', () => {
  const decoded = decode(requestOf(sum()));
  expect(valuesOf(decoded)).toEqual({ 'http_requests_total{http_route=/cart}': 7 });
  expect([...decoded.batch.timestamps]).toEqual([1700000000123]);
  expect(decoded.batch.metadata).toEqual([
    { name: 'http_requests_total', type: 'counter', help: 'Requests', unit: '' },
  ]);
});

test('a sum that may fall is a gauge', () => {
  const decoded = decode(requestOf(sum({ isMonotonic: false })));
  expect(valuesOf(decoded)).toEqual({ 'http_requests{http_route=/cart}': 7 });
  expect(decoded.batch.metadata[0]?.type).toBe('gauge');
});

test('a gauge', () => {
  const metric = { name: 'mem', unit: 'By', gauge: { dataPoints: [{ timeUnixNano: AT, asDouble: 1.5 }] } };
  expect(valuesOf(decode(requestOf(metric)))).toEqual({ 'mem_bytes{}': 1.5 });
});

test('a histogram adds its buckets up', () => {
  expect(valuesOf(decode(requestOf(histogram())))).toEqual({
    'http_duration_seconds_bucket{le=0.1}': 1,
    'http_duration_seconds_bucket{le=1}': 3,
    'http_duration_seconds_bucket{le=+Inf}': 6,
    'http_duration_seconds_count{}': 6,
    'http_duration_seconds_sum{}': 1.5,
  });
});

test('a summary', () => {
  const point = { timeUnixNano: AT, count: '4', sum: 2, quantileValues: [{ quantile: 0.5, value: 0.3 }] };
  expect(valuesOf(decode(requestOf({ name: 'rpc', summary: { dataPoints: [point] } })))).toEqual({
    'rpc{quantile=0.5}': 0.3,
    'rpc_count{}': 4,
    'rpc_sum{}': 2,
  });
});

test('the rest of the resource stands in target_info, at the latest time', () => {
  const request = requestOf(sum());
  request.resourceMetrics[0]?.resource.attributes.push(attr('host.name', 'node-1'));
  expect(valuesOf(decode(request))).toMatchObject({ 'target_info{host_name=node-1}': 1 });
});

test('attributes that become one label are joined', () => {
  const attributes = [attr('a.b', '2'), attr('a_b', '3'), attr('a-b', '1'), attr('job', 'mine')];
  expect(Object.keys(valuesOf(decode(requestOf(sum({}, { attributes })))))).toEqual([
    'http_requests_total{a_b=1;2;3}',
  ]);
});

test('no recorded value is the staleness marker', () => {
  const { batch } = decode(requestOf(sum({}, { flags: 1 })));
  expect(isStale(wordsOf(batch.values), 0)).toBe(true);
});

test('the same series is the same object in the next body', () => {
  const decoder = new OtlpMetricsDecoder();
  const body = Buffer.from(JSON.stringify(requestOf(sum())));
  const [first, second] = [decoder.decode(body, 'json'), decoder.decode(body, 'json')];
  expect(second.batch.series[0]).toBe(first.batch.series[0]);
});

test.each([
  ['no time', sum({}, { timeUnixNano: '0' }), 'no-timestamp', 'without a time'],
  [
    'no name',
    { ...sum(), name: '', sum: { ...sum().sum, isMonotonic: false } },
    'no-metric-name',
    '__name__',
  ],
  ['buckets', histogram({ explicitBounds: [1] }), 'bad-histogram', '3 buckets do not fit 1 bounds'],
])('rejected, the rest kept: %s', (_name, bad, reason, message) => {
  const decoded = decode(requestOf(bad, sum()));
  expect(valuesOf(decoded)).toEqual({ 'http_requests_total{http_route=/cart}': 7 });
  expect(decoded.rejected).toEqual([{ reason, count: 1, message: expect.stringContaining(message) }]);
});

describe('protobuf', () => {
  const keyValue = (key: string, value: string) =>
    new ProtoWriter().string(1, key).message(2, new ProtoWriter().string(1, value));
  const packed = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer);
  const counts = (...values: bigint[]) => Buffer.from(BigUint64Array.from(values).buffer);
  const resource = new ProtoWriter();
  for (const { key, value } of RESOURCE) resource.message(1, keyValue(key, value.stringValue));
  const point = () => new ProtoWriter().fixed64(3, BigInt(AT));
  const sumMetric = new ProtoWriter()
    .string(1, 'http.requests')
    .string(2, 'Requests')
    .message(
      7,
      new ProtoWriter()
        .message(1, point().fixed64(6, 7n).message(7, keyValue('http.route', '/cart')))
        .int(2, 2)
        .int(3, 1),
    );
  const histogramPoint = point()
    .fixed64(4, 6n)
    .double(5, 1.5)
    .bytes(6, counts(1n, 2n, 3n))
    .bytes(7, packed(0.1, 1));
  const histogramMetric = new ProtoWriter()
    .string(1, 'http.duration')
    .string(3, 's')
    .message(9, new ProtoWriter().message(1, histogramPoint).int(2, 2));
  const summaryPoint = point()
    .fixed64(4, 4n)
    .double(5, 2)
    .message(6, new ProtoWriter().double(1, 0.5).double(2, 0.3));
  const summaryMetric = new ProtoWriter()
    .string(1, 'rpc')
    .message(11, new ProtoWriter().message(1, summaryPoint));
  const gaugeMetric = new ProtoWriter()
    .string(1, 'down')
    .message(5, new ProtoWriter().message(1, point().fixed64(6, -5n)));
  const scope = new ProtoWriter();
  for (const metric of [sumMetric, histogramMetric, summaryMetric, gaugeMetric]) scope.message(2, metric);
  const body = new ProtoWriter()
    .message(1, new ProtoWriter().message(2, scope).message(1, resource))
    .finish();

  test('says the same as JSON', () => {
    const fromProtobuf = new OtlpMetricsDecoder().decode(body, 'protobuf');
    const rpc = { timeUnixNano: AT, count: '4', sum: 2, quantileValues: [{ quantile: 0.5, value: 0.3 }] };
    const fromJson = decode(
      requestOf(
        sum(),
        histogram(),
        { name: 'rpc', summary: { dataPoints: [rpc] } },
        { name: 'down', gauge: { dataPoints: [{ timeUnixNano: AT, asInt: '-5' }] } },
      ),
    );
    expect(fromProtobuf).toEqual(fromJson);
    expect(valuesOf(fromProtobuf)).toMatchObject({ 'down{}': -5, 'http_duration_seconds_sum{}': 1.5 });
  });

  test('cut or changed anywhere gives a batch or a Fault', () => {
    const survives = (bytes: Uint8Array) => {
      try {
        const { batch } = new OtlpMetricsDecoder().decode(bytes, 'protobuf');
        expect(batch.offsets.at(-1)).toBe(batch.values.length);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    };
    for (let length = 0; length < body.length; length++) survives(body.subarray(0, length));
    fc.assert(
      fc.property(fc.nat({ max: body.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, to) => {
        const bytes = Buffer.from(body);
        bytes[at] = to;
        survives(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

test('any JSON gives a batch or a Fault', () => {
  const data = fc.record({ dataPoints: fc.array(fc.jsonValue()), aggregationTemporality: fc.jsonValue() });
  const metric = fc.record(
    { name: fc.jsonValue(), sum: data, histogram: data, summary: data, gauge: data },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(fc.array(metric, { maxLength: 3 }), (metrics) => {
      try {
        const { batch } = decode(requestOf(...metrics));
        expect(batch.series).toHaveLength(batch.offsets.length - 1);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    }),
  );
});
