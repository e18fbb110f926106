import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Label } from '#lib/model/labels.ts';
import { isStale, wordsOf } from '#lib/model/metrics.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import { RemoteWriteDecoder } from './decode.ts';
import { body, label, sample, timeSeries } from './encode.testing.ts';

const up = (...extra: Label[]): Label[] => [['__name__', 'up'], ...extra];
const decode = (bytes: Uint8Array) => new RemoteWriteDecoder().decode(bytes);

describe('what comes in comes out', () => {
  test('series, offsets, timestamps and values', () => {
    const { batch, rejected } = decode(
      body(
        {
          labels: up(['job', 'a']),
          samples: [
            [1_700_000_000_000, 1],
            [1_700_000_015_000, 0],
          ],
        },
        { labels: up(['job', 'b']), samples: [[-5, -0]] },
      ),
    );
    expect(rejected).toEqual([]);
    expect(batch.series.map((s) => s.labels)).toEqual([
      [
        ['__name__', 'up'],
        ['job', 'a'],
      ],
      [
        ['__name__', 'up'],
        ['job', 'b'],
      ],
    ]);
    expect([...batch.offsets]).toEqual([0, 2, 3]);
    expect([...batch.timestamps]).toEqual([1_700_000_000_000, 1_700_000_015_000, -5]);
    expect([...batch.values]).toEqual([1, 0, -0]);
  });

  test('the staleness marker keeps its payload', () => {
    const value = Buffer.from('020000000000f07f', 'hex');
    const raw = Buffer.concat([Buffer.from([0x09]), value, Buffer.from([0x10, 0x07])]);
    const series = new ProtoWriter().message(1, label(['__name__', 'up'])).bytes(2, raw);
    const { batch } = decode(new ProtoWriter().message(1, series).finish());
    expect(isStale(wordsOf(batch.values), 0)).toBe(true);
    expect(Buffer.from(batch.values.buffer).toString('hex')).toBe(value.toString('hex'));
  });

  test('metadata', () => {
    const metadata = new ProtoWriter()
      .int(1, 3)
      .string(2, 'rpc_seconds')
      .string(4, 'How long')
      .string(5, 's');
    const unknown = new ProtoWriter().int(1, 99).string(2, 'x');
    const { batch } = decode(new ProtoWriter().message(3, metadata).message(3, unknown).finish());
    expect(batch.metadata).toEqual([
      { name: 'rpc_seconds', type: 'histogram', help: 'How long', unit: 's' },
      { name: 'x', type: 'unknown', help: '', unit: '' },
    ]);
    expect([...batch.offsets]).toEqual([0]);
  });

  test('strange labels survive', () => {
    const labels: Label[] = [
      ['__name__', 'up'],
      ['__proto__', 'x"\\\n'],
      ['constructor', '🦆 \u0000 \uFFFD'],
      ['long', 'é'.repeat(5000)],
    ];
    const { batch, rejected } = decode(body({ labels, samples: [[1, 1]] }));
    expect(rejected).toEqual([]);
    expect(batch.series[0]?.labels).toEqual(labels);
  });

  test('unsorted labels are sorted, empty ones are absent', () => {
    const { batch } = decode(body({ labels: [['z', '1'], ['a', ''], ...up()], samples: [[1, 1]] }));
    expect(batch.series[0]?.labels).toEqual([
      ['__name__', 'up'],
      ['z', '1'],
    ]);
  });

  test('labels behind the samples belong to the series too', () => {
    const series = new ProtoWriter()
      .message(1, label(['__name__', 'up']))
      .message(2, sample([1, 5]))
      .message(1, label(['job', 'late']));
    const { batch } = decode(new ProtoWriter().message(1, series).finish());
    expect(batch.series[0]?.labels).toEqual(up(['job', 'late']));
    expect([...batch.values]).toEqual([5]);
  });

  test('a series without samples leaves nothing', () => {
    const { batch, rejected } = decode(body({ labels: up(), samples: [] }));
    expect(batch.series).toEqual([]);
    expect(rejected).toEqual([]);
  });

  test('round trip of anything valid', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((n) => n !== '__name__');
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const series = fc.record({
      labels: fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n, maxLength: 12 }),
      samples: fc.array(fc.tuple(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.double()), {
        minLength: 1,
        maxLength: 5,
      }),
    });
    const decoder = new RemoteWriteDecoder();
    fc.assert(
      fc.property(fc.array(series, { maxLength: 6 }), (list) => {
        const sent = list.map((s) => ({
          labels: [...up(), ...s.labels].sort(([a], [b]) => (a < b ? -1 : 1)),
          samples: s.samples,
        }));
        const { batch, rejected } = decoder.decode(body(...sent));
        expect(rejected).toEqual([]);
        const got = batch.series.map((ref, i) => ({
          labels: ref.labels,
          samples: [...batch.timestamps.subarray(batch.offsets[i], batch.offsets[i + 1])].map((t, k) => [
            t,
            batch.values[(batch.offsets[i] ?? 0) + k],
          ]),
        }));
        expect(got).toEqual(sent);
      }),
    );
  });
});

describe('interning', () => {
  test('the same label bytes give the same object, in one body and the next', () => {
    const decoder = new RemoteWriteDecoder();
    const one = { labels: up(['job', 'a']), samples: [[1, 1] as const] };
    const first = decoder.decode(body(one, one)).batch.series;
    const second = decoder.decode(body(one)).batch.series;
    expect(first[0]).toBe(first[1]);
    expect(second[0]).toBe(first[0]);
  });

  test('labels that differ in one byte are other series', () => {
    const decoder = new RemoteWriteDecoder();
    const bodies = Array.from({ length: 3000 }, (_, i) => ({
      labels: up(['instance', `10.0.${i >> 8}.${i & 255}:9090`]),
      samples: [[1, i] as const],
    }));
    const first = decoder.decode(body(...bodies)).batch.series;
    const second = decoder.decode(body(...bodies)).batch.series;
    expect(new Set(first.map((s) => s.key)).size).toBe(3000);
    expect(second.filter((s, i) => s !== first[i])).toEqual([]);
  });

  test('a batch is not touched by the next one', () => {
    const decoder = new RemoteWriteDecoder();
    const first = decoder.decode(body({ labels: up(), samples: [[1, 1]] })).batch;
    decoder.decode(body({ labels: up(), samples: [[2, 2]] }));
    expect([...first.values, ...first.timestamps, ...first.offsets]).toEqual([1, 1, 0, 1]);
    expect(first.series).toHaveLength(1);
  });
});

describe('a bad series is named, the rest is kept', () => {
  const long = (n: number) => 'x'.repeat(n);
  test.each<[string, readonly Label[], string]>([
    ['no-metric-name', [['job', 'api']], '{job="api"}'],
    ['no-metric-name', [['__name__', '']], '__name__'],
    ['empty-label-name', up(['', 'v']), 'without a name'],
    ['duplicate-label', up(['job', 'a'], ['job', 'b']), '"job" stands twice'],
    ['too-many-labels', up(...Array.from({ length: 64 }, (_, i): Label => [`l${i}`, 'v'])), '65 labels'],
    ['label-name-too-long', up([long(1025), 'v']), '1024 bytes'],
    ['metric-name-too-long', [['__name__', long(1025)]], '1024 bytes'],
    ['label-value-too-long', up(['path', 'é'.repeat(8193)]), '"path"'],
  ])('%s', (reason, labels, message) => {
    const { batch, rejected } = decode(
      body(
        {
          labels,
          samples: [
            [1, 1],
            [2, 2],
          ],
        },
        { labels: up(['job', 'good']), samples: [[1, 1]] },
      ),
    );
    expect(rejected).toEqual([{ reason, count: 2, message: expect.stringContaining(message) }]);
    expect(batch.series.map((s) => s.labels)).toEqual([up(['job', 'good'])]);
    expect([...batch.values]).toEqual([1]);
  });

  test('text that is not UTF-8', () => {
    const bad = new ProtoWriter().string(1, 'job').bytes(2, Uint8Array.from([0x61, 0xff]));
    const series = new ProtoWriter()
      .message(1, label(['__name__', 'up']))
      .message(1, bad)
      .message(2, sample([1, 1]));
    const { batch, rejected } = decode(new ProtoWriter().message(1, series).finish());
    expect(batch.series).toEqual([]);
    expect(rejected).toEqual([
      { reason: 'invalid-utf8', count: 1, message: expect.stringContaining('up{job=') },
    ]);
  });

  test('a hundred thousand bad series give one short rejection', () => {
    const bad = timeSeries({ labels: [['job', 'x']], samples: [[1, 1]] });
    const writer = new ProtoWriter();
    for (let i = 0; i < 100_000; i++) writer.message(1, bad);
    const { rejected } = decode(writer.finish());
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.count).toBe(100_000);
    expect(rejected[0]?.message.length).toBeLessThan(2000);
  });
});
