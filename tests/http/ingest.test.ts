import { connect } from 'node:net';
import { compressSync } from 'snappy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricsProtobuf } from '#lib/ingest/otlp/metrics-encode.testing.ts';
import { ProtoWriter } from '#lib/ingest/protobuf/writer.ts';
import { exemplar, histogram, timeSeries } from '#lib/ingest/remote-write/encode.testing.ts';
import { Request2 } from '#lib/ingest/remote-write/encode-v2.testing.ts';
import { type App, discard, startApp } from '../support/app.ts';
import { WRITE_HEADERS, writeRequest } from '../support/write-request.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await discard(app);
});

const VERSION_2 = {
  'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  'content-encoding': 'snappy',
};
const now = Date.now();

async function post(path: string, body: Uint8Array | string, headers: Record<string, string>) {
  const response = await fetch(app.url + path, { method: 'POST', body: body as BodyInit, headers });
  const count = (kind: string) => response.headers.get(`x-prometheus-remote-write-${kind}-written`);
  const written = [count('samples'), count('histograms'), count('exemplars')];
  return { status: response.status, written, text: await response.text() };
}
async function query(expr: string) {
  const response = await fetch(`${app.url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { data } = (await response.json()) as {
    data: { result: { value?: unknown; histogram?: unknown[] }[] };
  };
  return data.result;
}
const exemplarsOf = async (expr: string) => {
  const range = `start=${now / 1000 - 60}&end=${now / 1000 + 60}`;
  const response = await fetch(
    `${app.url}/api/v1/query_exemplars?query=${encodeURIComponent(expr)}&${range}`,
  );
  return ((await response.json()) as { data: { exemplars: { labels: object }[] }[] }).data;
};
const rpc = { count: 3, sum: 2, positive: [[1, 2]] as const, positiveCounts: [1, 2], timestamp: now };

describe('remote_write 2.0', () => {
  test('samples, histograms, exemplars and metadata are stored and counted in the headers', async () => {
    const body = new Request2()
      .add({
        labels: [['__name__', 'v2_total']],
        samples: [[now, 5]],
        exemplars: [{ labels: [['trace_id', 'abc']], value: 1, timestamp: now }],
        metadata: { type: 1, help: 'Of version 2', unit: '' },
      })
      .add({ labels: [['__name__', 'v2_seconds']], histograms: [rpc] })
      .finish();
    expect(await post('/api/v1/write', compressSync(body), VERSION_2)).toEqual({
      status: 204,
      written: ['1', '1', '1'],
      text: '',
    });
    expect((await query('v2_total'))[0]?.value).toEqual([expect.any(Number), '5']);
    expect((await query('v2_seconds'))[0]?.histogram?.[1]).toMatchObject({ count: '3', sum: '2' });
    expect(await exemplarsOf('v2_total')).toMatchObject([{ exemplars: [{ labels: { trace_id: 'abc' } }] }]);
    const metadata = await fetch(`${app.url}/api/v1/metadata?metric=v2_total`);
    expect(await metadata.json()).toMatchObject({
      data: { v2_total: [{ type: 'counter', help: 'Of version 2' }] },
    });
  });

  test('no 2xx when anything was rejected: the counts say what was written', async () => {
    const body = new Request2()
      .add({ labels: [['__name__', 'good']], samples: [[now, 1]] })
      .add({ labels: [['__name__', 'ahead']], samples: [[now + 3_600_000, 1]] })
      .add({ labels: [['job', 'nameless']], samples: [[now, 1]] })
      .add({ labels: [['__name__', 'broken']], histograms: [{ ...rpc, count: 4 }, rpc] })
      .finish();
    const answer = await post('/api/v1/write', compressSync(body), VERSION_2);
    expect(answer).toMatchObject({ status: 400, written: ['1', '1', '0'] });
    for (const part of ['3 not stored, 2 stored', 'ahead', 'nameless', 'its count says 4'])
      expect(answer.text).toContain(part);
    expect(await query('broken')).toHaveLength(1);
  });

  test.each<[string, Record<string, string>, Uint8Array, number]>([
    ['broken bytes', VERSION_2, compressSync(Buffer.from([0x2a, 0x7f])), 400],
    ['no snappy', { 'content-type': VERSION_2['content-type'] }, Buffer.from('x'), 415],
  ])('the counts stand in errors too: %s', async (_what, headers, body, status) => {
    expect(await post('/api/v1/write', body, headers)).toMatchObject({ status, written: ['0', '0', '0'] });
  });

  test('a message that nobody knows is 415, so that senders fall back', async () => {
    const type = 'application/x-protobuf;proto=io.prometheus.write.v9.Request';
    expect((await post('/api/v1/write', 'x', { ...VERSION_2, 'content-type': type })).status).toBe(415);
  });
});

test('remote_write 1.0: native histograms and exemplars', async () => {
  const series = timeSeries({ labels: [['__name__', 'v1_seconds']], samples: [] })
    .message(4, histogram(rpc))
    .message(3, exemplar([['trace_id', 'def']], 1, now));
  const body = compressSync(new ProtoWriter().message(1, series).finish());
  expect(await post('/api/v1/write', body, WRITE_HEADERS)).toEqual({
    status: 204,
    written: [null, null, null],
    text: '',
  });
  expect((await query('histogram_count(v1_seconds)'))[0]?.value).toEqual([expect.any(Number), '3']);
  expect(await exemplarsOf('v1_seconds')).toHaveLength(1);
});

test('OTLP: deltas add up, exponential histograms become native ones, what was rejected is told', async () => {
  const nanos = (ms: number) => `${ms}000000`;
  const send = (at: number, asDouble: number) =>
    post(
      '/v1/metrics',
      metricsProtobuf([
        {
          name: 'jobs.done',
          sum: {
            aggregationTemporality: 1,
            isMonotonic: true,
            dataPoints: [{ startTimeUnixNano: nanos(at - 1000), timeUnixNano: nanos(at), asDouble }],
          },
        },
        {
          name: 'took',
          unit: 's',
          exponentialHistogram: {
            aggregationTemporality: 1,
            dataPoints: [
              { timeUnixNano: nanos(at), count: 1, sum: 1, positive: { offset: 0, bucketCounts: [1] } },
            ],
          },
        },
      ]),
      { 'content-type': 'application/x-protobuf' },
    );
  expect(await send(now - 2000, 5)).toMatchObject({ status: 200, text: '' });
  expect(await send(now - 1000, 2)).toMatchObject({ status: 200, text: '' });
  expect((await query('jobs_done_total'))[0]?.value).toEqual([expect.any(Number), '7']);
  expect((await query('histogram_count(took_seconds)'))[0]?.value).toEqual([expect.any(Number), '2']);
  const late = await send(now - 1500, 1);
  expect(late.status).toBe(200);
  expect(late.text).toContain('at or before the one that was added last');
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain('chokepoint_rejected_total{signal="metrics",reason="delta-out-of-order"} 2');
});

test('text: exemplars are stored, parameters are heard', async () => {
  const text = `# TYPE told counter\ntold_total{a="b"} 3 # {trace_id="xyz"} 1\n# EOF\n`;
  const sent = await post(`/api/v1/import/prometheus?timestamp=${now}&extra_label=site=north`, text, {
    'content-type': 'application/openmetrics-text; version=1.0.0',
  });
  expect(sent.status).toBe(204);
  expect(await query('told_total{a="b",site="north"}')).toHaveLength(1);
  expect(await exemplarsOf('told_total')).toMatchObject([{ exemplars: [{ labels: { trace_id: 'xyz' } }] }]);
});

test('five hundred senders that say nothing hold up nobody, and are given up after 15 s', async () => {
  const head = `Host: 127.0.0.1:${app.port}\r\nContent-Length: 1000\r\n`;
  const first = (path: string, type: string) =>
    new Promise<{ line: string; ms: number }>((resolve, reject) => {
      const start = performance.now();
      const socket = connect(app.port, '127.0.0.1');
      socket.on('error', reject);
      socket.once('data', (data) => {
        resolve({ line: String(data).split('\r\n', 1)[0] ?? '', ms: performance.now() - start });
        socket.destroy();
      });
      socket.write(`POST ${path} HTTP/1.1\r\n${head}${type}\r\n\r\na`);
    });
  const write = 'Content-Type: application/x-protobuf\r\nContent-Encoding: snappy';
  const silent = Array.from({ length: 500 }, (_, i) =>
    i % 2 ? first('/api/v1/write', write) : first('/v1/metrics', 'Content-Type: application/json'),
  );
  const start = performance.now();
  const body = writeRequest([{ labels: [['__name__', 'meanwhile']], at: now, value: 1 }]);
  expect((await post('/api/v1/write', body, WRITE_HEADERS)).status).toBe(204);
  expect(performance.now() - start).toBeLessThan(2000);
  for (const { line, ms } of await Promise.all(silent)) {
    expect(line).toBe('HTTP/1.1 408 Request Timeout');
    expect(ms).toBeGreaterThan(14_500);
    expect(ms).toBeLessThan(20_000);
  }
});
