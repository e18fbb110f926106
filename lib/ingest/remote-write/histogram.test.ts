import { describe, expect, test } from 'vitest';
import type { Label } from '#lib/model/labels.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { CUSTOM_BUCKETS } from '#lib/model/native-histogram.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import { RemoteWriteDecoder } from './decode.ts';
import { exemplar, histogram, sample, type TestHistogram, timeSeries } from './encode.testing.ts';

const rpc: Label[] = [['__name__', 'rpc_seconds']];
const write = (...series: ProtoWriter[]) => {
  const writer = new ProtoWriter();
  for (const one of series) writer.message(1, one);
  return writer.finish();
};
const decode = (bytes: Uint8Array) => new RemoteWriteDecoder().decode(bytes);
const decodeOne = (h: TestHistogram) =>
  decode(write(timeSeries({ labels: rpc, samples: [] }).message(4, histogram(h))));

const good: TestHistogram = {
  schema: 3,
  count: 14,
  sum: 12.5,
  zeroThreshold: 1e-128,
  zeroCount: 2,
  positive: [
    [-2, 2],
    [3, 1],
  ],
  positiveCounts: [1, 4, 2],
  negative: [[5, 1]],
  negativeCounts: [5],
  timestamp: 1_700_000_000_000,
};
const decoded = {
  schema: 3,
  counterReset: 'unknown',
  count: 14,
  sum: 12.5,
  zeroThreshold: 1e-128,
  zeroCount: 2,
  positive: {
    spans: [
      { offset: -2, length: 2 },
      { offset: 3, length: 1 },
    ],
    counts: Float64Array.of(1, 4, 2),
  },
  negative: { spans: [{ offset: 5, length: 1 }], counts: Float64Array.of(5) },
  customValues: new Float64Array(0),
};

describe('native histograms', () => {
  test.each<[string, TestHistogram, object]>([
    ['integer', good, {}],
    ['float', { ...good, float: true }, {}],
    ['integer, one field a bucket', { ...good, unpacked: true }, {}],
    ['float, one field a bucket', { ...good, float: true, unpacked: true }, {}],
    ['of a gauge', { ...good, hint: 3 }, { counterReset: 'gauge' }],
    ['after a reset', { ...good, hint: 1 }, { counterReset: 'reset' }],
    [
      'with a span of nothing',
      {
        ...good,
        positive: [
          [-3, 0],
          [1, 2],
          [1, 0],
          [2, 1],
        ],
      },
      {},
    ],
    ['float of which counts do not add up', { ...good, float: true, count: 14.000001 }, { count: 14.000001 }],
    ['with observations of NaN', { ...good, sum: Number.NaN, count: 15 }, { sum: Number.NaN, count: 15 }],
    ['of schema -4', { ...good, schema: -4 }, { schema: -4 }],
    ['of schema 8', { ...good, schema: 8 }, { schema: 8 }],
  ])('%s', (_what, sent, different) => {
    const { batch, rejected } = decodeOne(sent);
    expect(rejected).toEqual([]);
    expect([...batch.offsets]).toEqual([0, 0]);
    expect(batch.histograms).toEqual([
      { series: 0, timestamp: 1_700_000_000_000, histogram: { ...decoded, ...different } },
    ]);
  });

  test('of custom buckets', () => {
    const { batch } = decodeOne({
      schema: CUSTOM_BUCKETS,
      count: 6,
      sum: 3,
      positive: [
        [0, 2],
        [1, 1],
      ],
      positiveCounts: [1, 2, 3],
      customValues: [-1, 0.5, 2],
    });
    expect(batch.histograms?.[0]?.histogram).toMatchObject({
      schema: CUSTOM_BUCKETS,
      customValues: Float64Array.of(-1, 0.5, 2),
      positive: { counts: Float64Array.of(1, 2, 3) },
    });
  });

  test('of a schema finer than any known one is read at the finest', () => {
    const { batch } = decodeOne({
      schema: 10,
      count: 10,
      positive: [[-4, 10]],
      positiveCounts: new Array(10).fill(1),
    });
    // Four neighbours become one: -4 │ -3 … 0 │ 1 … 4 │ 5
    expect(batch.histograms?.[0]?.histogram).toMatchObject({
      schema: 8,
      positive: { spans: [{ offset: -1, length: 4 }], counts: Float64Array.of(1, 4, 4, 1) },
    });
  });

  test('a stale one is a stale sample', () => {
    const stale = Buffer.concat([
      Buffer.from('19', 'hex'),
      Buffer.from('020000000000f07f', 'hex'),
      new ProtoWriter().int(15, 77).finish(),
    ]);
    const { batch } = decode(write(timeSeries({ labels: rpc, samples: [] }).bytes(4, stale)));
    expect(batch.histograms).toBeUndefined();
    expect([...batch.timestamps]).toEqual([77]);
    expect(isStale(wordsOf(batch.values), 0)).toBe(true);
  });

  test('beside samples and exemplars of several series, each knows its own', () => {
    const series = (name: string) =>
      timeSeries({ labels: [['__name__', name]], samples: [[1_700_000_000_000, 1]] });
    const traced: Label[] = [['trace_id', 'abc']];
    const { batch, rejected } = decode(
      write(
        series('a'),
        series('b')
          .message(4, histogram(good))
          .message(3, exemplar(traced, 0.5, 9)),
        series('c'),
        series('d').message(3, exemplar([], 2, 10)),
      ),
    );
    expect(rejected).toEqual([]);
    expect(batch.series.map((s) => s.labels[0]?.[1])).toEqual(['a', 'b', 'c', 'd']);
    expect([...batch.offsets]).toEqual([0, 1, 2, 3, 4]);
    expect(batch.histograms?.map((h) => h.series)).toEqual([1]);
    expect(batch.exemplars).toEqual([
      { series: 1, exemplar: { labels: traced, value: 0.5, timestamp: 9 } },
      { series: 3, exemplar: { labels: [], value: 2, timestamp: 10 } },
    ]);
  });
});

describe('a bad one is named, the rest is kept', () => {
  const many = (n: number) => ({
    positive: [[0, n]] as const,
    positiveCounts: new Array(n).fill(1),
    count: n,
  });
  test.each<[string, TestHistogram, string]>([
    ['a count that is not that of its buckets', { ...good, count: 13 }, 'its count says 13'],
    [
      'more in the buckets than counted, with NaN',
      { ...good, sum: Number.NaN, count: 13 },
      'its count says 13',
    ],
    ['a schema of 53', { ...good, schema: 53 }, 'schema 53'],
    ['a schema of -5', { ...good, schema: -5 }, 'schema -5'],
    ['a schema of 2^31', { ...good, schema: 2 ** 31 }, 'schema 2147483648'],
    ['fewer counts than its spans name', { ...good, positive: [[0, 9]] }, 'name 9 buckets, 3 counts'],
    [
      'a span that goes back',
      {
        ...good,
        positive: [
          [0, 2],
          [-1, 1],
        ],
      },
      'positive span 2 has the offset -1',
    ],
    ['a span beyond any bucket', { ...good, positive: [[2 ** 31 - 1, 3]] }, 'beyond any bucket'],
    ['a bucket below nothing', { ...good, positiveCounts: [1, -4, 2], count: 6 }, 'negative'],
    ['a float bucket below nothing', { ...good, float: true, negativeCounts: [-5] }, 'negative'],
    ['custom bounds with an exponential schema', { ...good, customValues: [1] }, 'no custom bounds'],
    [
      'custom bounds that do not ascend',
      { schema: CUSTOM_BUCKETS, customValues: [1, 1] },
      'bounds do not ascend',
    ],
    [
      'custom bounds with NaN',
      { schema: CUSTOM_BUCKETS, customValues: [1, Number.NaN] },
      'bounds do not ascend',
    ],
    [
      'an infinite custom bound',
      { schema: CUSTOM_BUCKETS, customValues: [1, Number.POSITIVE_INFINITY] },
      'must be finite',
    ],
    [
      'custom buckets beyond the bounds',
      { schema: CUSTOM_BUCKETS, customValues: [1], ...many(3) },
      'reach bucket 3',
    ],
    [
      'custom buckets with a zero bucket',
      { schema: CUSTOM_BUCKETS, customValues: [1], zeroCount: 1, count: 1 },
      'no zero bucket',
    ],
    [
      'custom buckets with a negative side',
      { schema: CUSTOM_BUCKETS, customValues: [1], negative: [[0, 1]], negativeCounts: [1], count: 1 },
      'no negative side',
    ],
  ])('%s', (_what, bad, message) => {
    const { batch, rejected } = decode(
      write(
        timeSeries({ labels: rpc, samples: [] })
          .message(4, histogram({ ...bad, timestamp: 1 }))
          .message(4, histogram(good)),
        timeSeries({ labels: [['__name__', 'up']], samples: [[1, 1]] }),
      ),
    );
    expect(rejected).toEqual([
      { reason: 'bad-histogram', count: 1, message: expect.stringContaining(message) },
    ]);
    expect(rejected[0]?.message).toContain('rpc_seconds');
    expect(batch.histograms).toEqual([{ series: 0, timestamp: 1_700_000_000_000, histogram: decoded }]);
    expect([...batch.values]).toEqual([1]);
  });

  test('a series of which nothing is good leaves nothing', () => {
    expect(decodeOne({ ...good, count: 1 }).batch.series).toEqual([]);
  });

  test.each([
    ['integer', many(65_536)],
    ['float', { ...many(65_536), float: true }],
    ['one field a bucket', { ...many(65_536), unpacked: true }],
    ['spans of nothing', { positive: new Array(65_536).fill([1, 0]) }],
    ['custom bounds', { schema: CUSTOM_BUCKETS, customValues: Array.from({ length: 65_536 }, (_, i) => i) }],
  ])('64 k buckets, %s', (_what, h) => {
    const bytes = write(
      timeSeries({ labels: rpc, samples: [] }).message(4, histogram(h)),
      timeSeries({ labels: [['__name__', 'up']], samples: [[1, 1]] }),
    );
    const decoder = new RemoteWriteDecoder();
    expect(cpuMillis(() => decoder.decode(bytes))).toBeLessThan(50);
    const { batch, rejected } = decoder.decode(bytes);
    expect(rejected).toEqual([
      { reason: 'too-many-buckets', count: 1, message: expect.stringContaining('more than 10000 buckets') },
    ]);
    expect(batch.series.map((s) => s.labels[0]?.[1])).toEqual(['up']);
  });

  test('more buckets than one body may have', () => {
    const one = timeSeries({ labels: rpc, samples: [] }).message(4, histogram(many(10_000)));
    expect(() => decode(write(...new Array(401).fill(one)))).toThrow(
      expect.objectContaining({ status: 413, code: 'too-many-buckets' }),
    );
  });

  test.each<[string, readonly Label[], string]>([
    ['exemplar-labels-too-long', [['trace_id', 'é'.repeat(121)]], '129 characters'],
    ['exemplar-labels-too-long', [['trace_id', 'x'.repeat(100_000)]], 'at most 128'],
    ['bad-exemplar', [['', 'x']], 'without a name'],
    [
      'bad-exemplar',
      [
        ['a', 'x'],
        ['a', 'y'],
      ],
      'twice',
    ],
  ])('exemplar: %s', (reason, labels, message) => {
    const series = timeSeries({ labels: rpc, samples: [] })
      .message(3, exemplar(labels, 1, 1))
      .message(2, sample([1, 2]));
    const { batch, rejected } = decode(write(series));
    expect(rejected).toEqual([{ reason, count: 1, message: expect.stringContaining(message) }]);
    expect(rejected[0]?.message).toContain('rpc_seconds');
    expect(batch.exemplars).toBeUndefined();
    expect([...batch.values]).toEqual([2]);
  });
});
