import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import type { Label } from '#lib/model/labels.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import { RemoteWrite2Decoder } from './decode-v2.ts';
import { sample } from './encode.testing.ts';
import { Request2, type TestSeries2 } from './encode-v2.testing.ts';

const up = (...extra: Label[]): Label[] => [['__name__', 'up'], ...extra];
const decode = (bytes: Uint8Array) => new RemoteWrite2Decoder().decode(bytes);

describe('what comes in comes out', () => {
  const whole: TestSeries2 = {
    labels: up(['job', 'api']),
    samples: [
      [1_700_000_000_000, 1.5],
      [1_700_000_015_000, 0],
    ],
    exemplars: [
      { labels: [['trace_id', 'abc']], value: 1, timestamp: 5 },
      { labels: [], value: 2, timestamp: 0 },
    ],
    metadata: { type: 1, help: 'Whether it is up', unit: 'ratio' },
    created: 1_699_999_999_000,
  };

  test.each([false, true])('a series with everything (symbols behind the series: %s)', (symbolsLast) => {
    const { batch, rejected } = decode(new Request2().add(whole).finish(symbolsLast));
    expect(rejected).toEqual([]);
    expect(batch.series.map((s) => s.labels)).toEqual([up(['job', 'api'])]);
    expect([...batch.offsets]).toEqual([0, 2]);
    expect([...batch.timestamps]).toEqual([1_700_000_000_000, 1_700_000_015_000]);
    expect([...batch.values]).toEqual([1.5, 0]);
    expect(batch.metadata).toEqual([
      { name: 'up', type: 'counter', help: 'Whether it is up', unit: 'ratio' },
    ]);
    expect(batch.exemplars).toEqual([
      { series: 0, exemplar: { labels: [['trace_id', 'abc']], value: 1, timestamp: 5 } },
      { series: 0, exemplar: { labels: [], value: 2, timestamp: 1_700_000_015_000 } },
    ]);
  });

  test('native histograms', () => {
    const { batch, rejected } = decode(
      new Request2()
        .add({ labels: up(), samples: [[1, 1]] })
        .add({
          labels: [['__name__', 'rpc']],
          histograms: [{ count: 3, sum: 2, positive: [[1, 2]], positiveCounts: [1, 2], timestamp: 9 }],
        })
        .finish(),
    );
    expect(rejected).toEqual([]);
    expect([...batch.offsets]).toEqual([0, 1, 1]);
    expect(batch.histograms).toMatchObject([
      { series: 1, timestamp: 9, histogram: { count: 3, positive: { counts: Float64Array.of(1, 2) } } },
    ]);
  });

  test('start timestamps of samples, references one by one, fields not known', () => {
    const request = new Request2();
    const series = new ProtoWriter();
    for (const ref of request.refs(up())) series.int(1, ref);
    series.message(2, sample([7, 3]).int(3, 5)).int(99, 1);
    expect([...decode(request.raw(series).finish()).batch.timestamps]).toEqual([7]);
  });

  test('metadata that has not changed is told once in a while', () => {
    const decoder = new RemoteWrite2Decoder();
    const told = (help: string, now: number) =>
      decoder
        .decode(
          new Request2()
            .add({ labels: up(), samples: [[1, 1]], metadata: { type: 2, help, unit: '' } })
            .finish(),
          now,
        )
        .batch.metadata.map((m) => m.help);
    expect(told('a', 0)).toEqual(['a']);
    expect(told('a', 1000)).toEqual([]);
    expect(told('b', 2000)).toEqual(['b']);
    expect(told('b', 700_000)).toEqual(['b']);
  });

  test('round trip of anything valid, and the same series every time', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((n) => n !== '__name__');
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const series = fc.record({
      labels: fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n, maxLength: 12 }),
      samples: fc.array(fc.tuple(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.double()), {
        minLength: 1,
        maxLength: 3,
      }),
    });
    const decoder = new RemoteWrite2Decoder();
    fc.assert(
      fc.property(fc.array(series, { maxLength: 6 }), fc.array(value), (list, others) => {
        const sent = list.map((s) => ({
          labels: [...up(), ...s.labels].sort(([a], [b]) => (a < b ? -1 : 1)),
          samples: s.samples,
        }));
        const encode = (first: readonly string[]) => {
          const request = new Request2();
          for (const text of first) request.ref(text);
          for (const one of sent) request.add(one);
          return request.finish();
        };
        const { batch, rejected } = decoder.decode(encode([]));
        expect(rejected).toEqual([]);
        expect(
          batch.series.map((ref, i) => ({
            labels: ref.labels,
            samples: [...batch.timestamps.subarray(batch.offsets[i], batch.offsets[i + 1])].map((t, k) => [
              t,
              batch.values[(batch.offsets[i] ?? 0) + k],
            ]),
          })),
        ).toEqual(sent);
        // Other numbers for the same texts.
        const again = decoder.decode(encode(others)).batch.series;
        expect(again.every((ref, i) => ref === batch.series[i])).toBe(true);
      }),
    );
  });
});

describe('a bad series is named, the rest is kept', () => {
  const long = 'x'.repeat(20_000);
  const bad = (labels: readonly Label[]): TestSeries2 => ({ labels, samples: [[1, 1]] });
  const refs = (list: readonly number[]) => (request: Request2) =>
    request.raw(new ProtoWriter().varints(1, list).message(2, sample([1, 1])));
  test.each<[string, (request: Request2) => Request2, string]>([
    ['no-metric-name', (r) => r.add(bad([['job', 'x']])), 'job="x"'],
    ['no-metric-name', refs([]), '__name__'],
    ['duplicate-label', (r) => r.add(bad(up(['a', '1'], ['a', '2']))), 'twice'],
    ['empty-label-name', (r) => r.add(bad(up(['', '1']))), 'without a name'],
    ['label-value-too-long', (r) => r.add(bad(up(['a', long]))), '"a"'],
    [
      'too-many-labels',
      (r) => r.add(bad(up(...Array.from({ length: 64 }, (_, i): Label => [`l${i}`, 'v'])))),
      'up{',
    ],
    ['bad-symbol-ref', refs([0, 99]), 'symbol 99'],
    ['bad-symbol-ref', refs([4_294_967_295, 1]), 'symbol 4294967295'],
    ['odd-label-refs', refs([1, 2, 1]), '3 label references'],
    ['invalid-utf8', (r) => r.add(bad(up(['a', '\uFFFF-placeholder']))), 'not valid UTF-8'],
  ])('%s', (reason, add, message) => {
    const request = new Request2().add({ labels: up(['job', 'good']), samples: [[1, 2]] });
    const bytes = add(request).finish();
    // The placeholder is three bytes; two of them become something that is no UTF-8.
    const at = bytes.indexOf('\uFFFF-placeholder');
    if (at >= 0) bytes[at] = 0xff;
    const { batch, rejected } = decode(bytes);
    expect(rejected).toEqual([{ reason, count: 1, message: expect.stringContaining(message) }]);
    expect([...batch.values]).toEqual([2]);
  });

  test('an exemplar that refers to nothing', () => {
    const request = new Request2().add({ labels: up(), samples: [[1, 2]] });
    const series = new ProtoWriter().varints(1, request.refs(up(['b', 'c'])));
    series.message(4, new ProtoWriter().varints(1, [77, 78]).double(2, 1).int(3, 1));
    series.message(4, new ProtoWriter().varints(1, [1]).double(2, 1).int(3, 1));
    const { batch, rejected } = decode(request.raw(series).finish());
    expect(rejected).toEqual([
      { reason: 'bad-symbol-ref', count: 2, message: expect.stringContaining('up{') },
    ]);
    expect(batch.exemplars).toBeUndefined();
    expect(batch.series).toHaveLength(1);
  });

  test('the same series twice in one body', () => {
    const one = { labels: up(), samples: [[1, 2] as const] };
    const { series } = decode(new Request2().add(one).add(one).finish()).batch;
    expect(series[0]).toBe(series[1]);
  });
});

describe('hostile bytes', () => {
  const decoder = new RemoteWrite2Decoder();
  const whole = new Request2()
    .add({
      labels: up(['job', 'api'], ['instance', '10.0.0.1:80']),
      samples: [[1_700_000_000_000, 1.5]],
      exemplars: [{ labels: [['trace_id', 'a']], value: 1, timestamp: 1 }],
      metadata: { type: 1, help: 'h', unit: 's' },
    })
    .add({
      labels: [['__name__', 'rpc']],
      histograms: [{ count: 3, positive: [[1, 2]], positiveCounts: [1, 2], timestamp: 9 }],
    })
    .finish();
  const survives = (bytes: Uint8Array) => {
    const millis = cpuMillis(() => {
      try {
        const { batch } = decoder.decode(bytes);
        expect(batch.offsets.at(-1)).toBe(batch.values.length);
        expect(batch.offsets).toHaveLength(batch.series.length + 1);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    });
    expect(millis).toBeLessThan(50);
  };

  test('cut at every byte', () => {
    for (let length = 0; length < whole.length; length++) survives(whole.subarray(0, length));
  });

  test('every byte changed, and random bytes', () => {
    const place = fc.nat({ max: whole.length - 1 });
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(place, byte, place, byte, (at, to, at2, to2) => {
        const bytes = Buffer.from(whole);
        bytes[at] = to;
        bytes[at2] = to2;
        survives(bytes);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 1000 });
    expect(decoder.decode(whole).batch.series).toHaveLength(2);
  });

  test('a million and one symbols', () => {
    const bytes = Buffer.alloc(2 * 1_000_001);
    for (let i = 0; i < bytes.length; i += 2) bytes[i] = 0x22;
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ status: 413, code: 'too-many-symbols' }));
  });

  test('a million label references', () => {
    const request = new Request2().raw(new ProtoWriter().bytes(1, Buffer.alloc(1_000_000)));
    const bytes = request.finish();
    expect(cpuMillis(() => decode(bytes))).toBeLessThan(200);
    expect(decode(bytes).rejected).toMatchObject([{ reason: 'too-many-labels', count: 1 }]);
  });
});
