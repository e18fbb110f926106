import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProtoWriter } from '#lib/ingest/protobuf/writer.ts';
import { body, histogram, label, type TestHistogram } from '#lib/ingest/remote-write/encode.testing.ts';
import { Request2 } from '#lib/ingest/remote-write/encode-v2.testing.ts';
import { type App, discard, startApp } from '../support/app.ts';
import { MetricClient } from '../support/metric-client.ts';
import { type Sample, WRITE_HEADERS } from '../support/write-request.ts';

/** Longer than any piece of work may keep others waiting, with room for a busy machine. */
const HELD_MS = 1000;

let app: App;
let client: MetricClient;
beforeAll(async () => {
  app = await startApp();
  client = new MetricClient(app);
});
afterAll(() => discard(app));

const NOW = Math.floor(Date.now() / 1000) * 1000;
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';
const WRITE_2 = {
  ...WRITE_HEADERS,
  'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
};

const one = (name: string, extra: Record<string, string> = {}, at = NOW, value = 1): Sample => ({
  labels: [['__name__', name], ...Object.entries(extra)],
  at,
  value,
});

function varint(n: number): Buffer {
  const bytes: number[] = [];
  for (let rest = n; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) return Buffer.from(bytes);
  }
}
const native = (h: TestHistogram) =>
  new ProtoWriter()
    .message(1, new ProtoWriter().message(1, label(['__name__', 'native'])).message(4, histogram(h)))
    .finish();
const buckets = (n: number): TestHistogram => ({
  schema: 8,
  count: n,
  sum: 1,
  positive: [[0, n]],
  positiveCounts: Array.from({ length: n }, () => 1),
  timestamp: NOW,
});
const withMetadata = (n: number) =>
  Buffer.concat(
    Array.from({ length: n }, (_, i) => {
      const entry = new ProtoWriter().int(1, 1).string(2, `told_${i}`).string(4, 'h'.repeat(100)).finish();
      return Buffer.concat([Buffer.from([0x1a]), varint(entry.length), entry]);
    }),
  );
const v1 = () => body({ labels: [['__name__', 'of_v1']], samples: [[NOW, 1]] });
const v2 = () => new Request2().add({ labels: [['__name__', 'of_v2']], samples: [[NOW, 1]] }).finish();

describe('each is answered in words, and holds nobody else up', () => {
  test.each<[string, () => Promise<{ status: number; text: string }>, number, RegExp]>([
    [
      'eight million series without labels',
      () => client.raw(Buffer.alloc(16_000_000).map((_, i) => (i % 2 ? 0 : 0x0a))),
      400,
      /8000000 × series \{\}: no label __name__/,
    ],
    [
      'a label value of 30 MB',
      () => client.write([one('long', { v: 'x'.repeat(30e6) })]),
      400,
      /more than 16384 bytes/,
    ],
    [
      'a text line of 30 MB',
      () => client.importText(`a{x="${'\\\\'.repeat(15e6)}"} 1\n`),
      400,
      /line 1: .*characters/,
    ],
    ['half a million lines of text', () => client.importText('# filler\n'.repeat(500_000)), 204, /^$/],
    [
      'a gzip bomb',
      () =>
        client.send('/api/v1/import/prometheus', gzipSync(Buffer.alloc(300e6)), {
          'content-type': 'text/plain',
          'content-encoding': 'gzip',
        }),
      413,
      /32 MiB after decompression/,
    ],
    [
      'a histogram of 64 k buckets',
      () => client.raw(native(buckets(65_536))),
      400,
      /more than 10000 buckets/,
    ],
    [
      'one with a negative bucket',
      () => client.raw(native({ ...buckets(2), positiveCounts: [3, -1] })),
      400,
      /negative/,
    ],
    [
      'one that does not add up',
      () => client.raw(native({ ...buckets(3), count: 99 })),
      400,
      /hold 3 .*says 99/,
    ],
    [
      'one beyond all numbers',
      () => client.raw(native({ ...buckets(1), positive: [[2 ** 31 - 1, 1]] })),
      400,
      /beyond any/,
    ],
    [
      'remote_write 2.0 that says it is 1.0',
      () => client.raw(v2()),
      400,
      /is a message of remote_write 2\.0/,
    ],
    [
      'remote_write 1.0 that says it is 2.0',
      () => client.raw(v1(), WRITE_2),
      400,
      /is a message of remote_write 1\.0/,
    ],
    [
      'OpenMetrics without an end',
      () => client.importText('# TYPE a counter\na_total 1\n', OPENMETRICS),
      400,
      /# EOF/,
    ],
    [
      'OpenMetrics that goes on behind it',
      () => client.importText('# EOF\na 1\n', OPENMETRICS),
      400,
      /behind # EOF/,
    ],
    ['metadata of 150,000 metrics', () => client.raw(withMetadata(150_000)), 204, /^$/],
    ['nested 100,000 deep', () => client.raw(Buffer.alloc(100_000, 0x0b)), 400, /nested deeper than 64/],
    [
      'a number without an end',
      () => client.raw(Buffer.concat([Buffer.from([0x0a]), Buffer.alloc(100, 0xff)])),
      400,
      /longer than 10/,
    ],
    [
      'a label twice',
      () =>
        client.write([
          {
            ...one('twice'),
            labels: [
              ['__name__', 'twice'],
              ['a', '1'],
              ['a', '2'],
            ],
          },
        ]),
      400,
      /stands twice/,
    ],
    ['a label without a name', () => client.write([one('unnamed', { '': 'x' })]), 400, /without a name/],
    [
      'a metric without a name',
      () => client.write([{ ...one(''), labels: [['a', 'x']] }]),
      400,
      /no label __name__/,
    ],
    [
      'a time beyond all calendars',
      () => client.write([one('never', {}, -(2 ** 53))]),
      400,
      /retention keeps 15d/,
    ],
  ])('%s', async (_, stimulus, status, message) => {
    await client.held();
    const answer = await stimulus();
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).toMatch(message);
    expect(await client.held()).toBeLessThan(HELD_MS);
  });

  test('metadata ends at a bound', async () => {
    const told = await fetch(`${app.url}/api/v1/metadata`);
    // Bodies that are on their way to the disk together do not know of each other.
    expect(Object.keys(((await told.json()) as { data: object }).data).length).toBeLessThan(140_000);
  });
});

describe('time', () => {
  const shuffled = Array.from({ length: 5000 }, (_, i) =>
    one('late', { k: `${i % 5}` }, NOW - ((i * 3571) % 5000) * 1000, i),
  );

  test('a flood out of order, three times: each sample once', async () => {
    for (let i = 0; i < 3; i++) expect(await client.write(shuffled)).toEqual({ status: 204, text: '' });
    expect(await client.firstValue('sum(count_over_time(late[2h]))', NOW)).toBe('5000');
  });

  test('another value for the same time: the first stays, the series is named, the rest is stored', async () => {
    const others = shuffled.slice(0, 100).map((s) => ({ ...s, value: s.value + 1 }));
    const answer = await client.write([...others, one('beside')]);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/100 not stored, 1 stored: 100 × late\{k=\\"\d\\"\} has another value/);
    expect(await client.firstValue('beside', NOW)).toBe('1');
    expect(await client.firstValue('late{k="0"}', NOW)).toBe(String(shuffled[0]?.value));
  });

  test.each([
    ['eleven minutes ahead', 11 * 60_000, 400, /'skew' is 1\dm.* ahead of server clock/],
    ['nine minutes ahead', 9 * 60_000, 204, /^$/],
    ['fourteen days behind', -14 * 86_400_000, 204, /^$/],
    ['sixteen days behind', -16 * 86_400_000, 400, /retention keeps 15d/],
  ])('a clock %s', async (name, by, status, message) => {
    const answer = await client.write([one('skew', { name }, NOW + by), one('skewed_beside', { name })]);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).toMatch(message);
    expect(await client.firstValue(`skewed_beside{name="${name}"}`, NOW)).toBe('1');
  });
});

describe('values', () => {
  test('no numbers, infinities and the ends of doubles come back', async () => {
    const values = [Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, -0];
    const samples = values.map((value, i) => one('odd', { i: `${i}` }, NOW, value));
    for (let i = 0; i < 2; i++) expect((await client.write(samples)).status).toBe(204);
    const { data } = await client.query('sort_by_label(odd, "i")', NOW);
    expect(data?.result.map(({ value }) => value[1])).toEqual([
      'NaN',
      '+Inf',
      '-Inf',
      '5e-324',
      '1.7976931348623157e+308',
      '-0',
    ]);
  });

  test('counters that wrap or fall below zero count as reset', async () => {
    const values = [2 ** 64, 5, -7, 2 ** 32, 1];
    await client.write(values.map((value, i) => one('wrap_total', {}, NOW - (4 - i) * 15_000, value)));
    expect(await client.firstValue('resets(wrap_total[2m])', NOW)).toBe('3');
    // What it grew by after each reset: 5, then −7 after a fall of 12, 2^32 + 7, then 1.
    expect(Number(await client.firstValue('increase(wrap_total[1m])', NOW))).toBeGreaterThan(2 ** 32);
    expect(await client.firstValue('rate(wrap_total[1m]) >= bool 0', NOW)).toBe('1');
  });

  test('floats beside native histograms: a warning, never a wrong number', async () => {
    expect((await client.raw(native(buckets(10)))).status).toBe(204);
    const clash = await client.write([one('native', {}, NOW, 5), one('native', {}, NOW + 15_000, 5)]);
    expect(clash.status).toBe(400);
    expect(clash.text).toMatch(/1 not stored, 1 stored: 1 × native\{\} has another value/);
    const { data, warnings } = await client.query('rate(native[5m])', NOW + 15_000);
    expect(data?.result).toEqual([]);
    expect(warnings?.join()).toMatch(/mix of histograms and floats/);
  });
});

test('after all that it is ready, and has not grown without bound', async () => {
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  expect(await client.ownMetric('process_resident_memory_bytes')).toBeLessThan(1.2e9);
});
