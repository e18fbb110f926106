import { describe, expect, test } from 'vitest';
import type { MetricBatch } from '#lib/model/metrics.ts';
import type { DecodedParts } from './parts.ts';
import { partsOf } from './parts.ts';
import { expositionParts, parseExposition } from './prometheus-text/parse.ts';
import { RemoteWriteDecoder } from './remote-write/decode.ts';
import { RemoteWrite2Decoder } from './remote-write/decode-v2.ts';
import { body } from './remote-write/encode.testing.ts';
import { Request2 } from './remote-write/encode-v2.testing.ts';

const SERIES = Array.from({ length: 50 }, (_, i) => ({
  // Every seventh is no series.
  labels: [
    i % 7 === 6 ? (['x', 'y'] as const) : (['__name__', `m${i % 5}`] as const),
    ['i', `${i}`] as const,
  ],
  samples: [
    [1000 + i, i],
    [2000 + i, -i],
  ] as const,
}));
const v1 = body(...SERIES.map(({ labels, samples }) => ({ labels: [...labels], samples: [...samples] })));
const v2 = SERIES.reduce(
  (request, { labels, samples }) => request.add({ labels: [...labels], samples: [...samples] }),
  new Request2(),
).finish();
const text = SERIES.map(
  ({ samples }, i) => `# HELP m${i} a\nm${i % 5}{i="${i}"} ${i} ${samples[0][0]}\n`,
).join('');

const samplesOf = ({ series, offsets, timestamps, values }: MetricBatch): string[] =>
  series.flatMap((ref, i) =>
    Array.from(
      { length: (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) },
      (_, j) => `${ref.key} ${timestamps[(offsets[i] ?? 0) + j]} ${values[(offsets[i] ?? 0) + j]}`,
    ),
  );

function all(parts: DecodedParts) {
  const batches: MetricBatch[] = [];
  for (let next = parts.next(); ; next = parts.next()) {
    if (next.done) return { batches, rejected: next.value };
    batches.push(next.value);
  }
}

describe('in parts is what it is as a whole', () => {
  const known = new RemoteWriteDecoder();
  known.decode(v1);
  test.each([
    ['remote_write 1.0, series by series', new RemoteWriteDecoder().parts(v1, { bytes: 1e9, series: 1 }), v1],
    ['remote_write 1.0, by bytes', new RemoteWriteDecoder().parts(v1, { bytes: 100, series: 1e9 }), v1],
    ['remote_write 1.0, known series by bytes', known.parts(v1, { bytes: 64, series: 1e9 }), v1],
    ['remote_write 2.0', new RemoteWrite2Decoder().parts(v2, { bytes: 100, series: 3 }), v2],
  ])('%s', (_, parts, bytes) => {
    const decoder = bytes === v1 ? new RemoteWriteDecoder() : new RemoteWrite2Decoder();
    const whole = decoder.decode(bytes);
    const { batches, rejected } = all(parts);
    expect(batches.length).toBeGreaterThan(3);
    expect(batches.flatMap(samplesOf)).toEqual(samplesOf(whole.batch));
    expect(rejected).toEqual(whole.rejected);
    expect(rejected).toMatchObject([{ reason: 'no-metric-name', count: 14 }]);
  });

  test('text', () => {
    const options = { now: 1, strict: false };
    const whole = parseExposition(text, options);
    const { batches } = all(expositionParts(text, options, 7));
    expect(batches.length).toBeGreaterThan(10);
    expect(batches.flatMap(samplesOf)).toEqual(samplesOf(whole));
    expect(batches.at(-1)?.metadata).toEqual(whole.metadata);
  });
});

test('a batch in parts keeps its samples, histograms and exemplars with their series', () => {
  const native = {
    schema: 0,
    count: 1,
    sum: 1,
    positive: [[0, 1]] as const,
    positiveCounts: [1],
    timestamp: 5,
  };
  const request = new Request2();
  for (let i = 0; i < 25; i++)
    request.add({
      labels: [
        ['__name__', 'm'],
        ['i', `${i}`],
      ],
      samples: i % 3 === 0 ? [] : [[1000, i]],
      histograms: i % 3 === 0 ? [native] : [],
      exemplars: [{ labels: [['trace_id', `${i}`]], value: i, timestamp: 7 }],
    });
  const { batch } = new RemoteWrite2Decoder().decode(request.finish());
  const parts = [...partsOf(batch, 4)];
  const beside = ({ series, histograms = [], exemplars = [] }: MetricBatch) => [
    ...histograms.map((h) => `${series[h.series]?.key} ${h.timestamp} ${h.histogram.count}`),
    ...exemplars.map((e) => `${series[e.series]?.key} ${e.exemplar.value}`),
  ];
  expect(parts.map(({ series }) => series.length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
  expect(parts.flatMap(samplesOf)).toEqual(samplesOf(batch));
  expect(parts.flatMap(beside).toSorted()).toEqual(beside(batch).toSorted());
  expect(beside(batch)).toHaveLength(9 + 25);
  expect([...partsOf(batch, 25)]).toEqual([batch]);
});

test('what comes between two parts of a body does not get into it', () => {
  const decoder = new RemoteWriteDecoder();
  const parts = decoder.parts(v1, { bytes: 1e9, series: 10 });
  const first = parts.next().value as MetricBatch;
  decoder.decode(body({ labels: [['__name__', 'other']], samples: [[1, 1]] }));
  const rest = all(parts).batches;
  expect([first, ...rest].flatMap(samplesOf)).toEqual(samplesOf(new RemoteWriteDecoder().decode(v1).batch));
});

describe('a message of one version under the name of the other is told, not taken for an empty batch', () => {
  test.each([
    ['1.0', () => new RemoteWrite2Decoder().decode(v1)],
    ['2.0', () => new RemoteWriteDecoder().decode(v2)],
  ])('%s', (version, decode) => {
    expect(decode).toThrow(`the body is a message of remote_write ${version}`);
  });
});

test('a line of megabytes is refused before it is looked into', () => {
  const line = `a{x="${'\\\\'.repeat(10_000_000)}"} 1\n`;
  const before = process.cpuUsage().user;
  expect(() => parseExposition(`ok 1\n${line}`, { now: 1, strict: false })).toThrow(/line 2: .*characters/);
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(500);
});
