import { uncompressSync } from 'snappy';
import { expect, test } from 'vitest';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { readExposition } from './exposition.ts';
import { encodeWriteRequest } from './remote-write.ts';

const TEXT = `# HELP http_request_duration_seconds Time from the request to its end.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="+Inf",route="/orders/:id"} 12
http_request_duration_seconds_sum{route="/a \\"quoted\\" back\\\\slash"} 0.25
# TYPE up gauge
up NaN
negative -Inf
not a metric at all
`;

test('reads what prom-client writes', () => {
  const { samples, metadata } = readExposition(TEXT);
  expect(samples).toEqual([
    {
      name: 'http_request_duration_seconds_bucket',
      labels: [
        ['le', '+Inf'],
        ['route', '/orders/:id'],
      ],
      value: 12,
    },
    {
      name: 'http_request_duration_seconds_sum',
      labels: [['route', '/a "quoted" back\\slash']],
      value: 0.25,
    },
    { name: 'up', labels: [], value: Number.NaN },
    { name: 'negative', labels: [], value: -Infinity },
  ]);
  expect(metadata.map((m) => [m.name, m.type, m.help])).toEqual([
    ['http_request_duration_seconds', 'histogram', 'Time from the request to its end.'],
    ['up', 'gauge', ''],
  ]);
});

test('what it encodes, the product decodes', () => {
  const body = encodeWriteRequest(
    [
      {
        labels: [
          ['service', 'orders'],
          ['__name__', 'up'],
        ],
        value: 1.5,
        at: 1_795_000_000_123,
      },
    ],
    [{ name: 'up', type: 'gauge', help: 'is it up' }],
  );
  const { batch } = new RemoteWriteDecoder().decode(uncompressSync(Buffer.from(body)) as Buffer);
  expect(batch.series.map((s) => s.labels)).toEqual([
    [
      ['__name__', 'up'],
      ['service', 'orders'],
    ],
  ]);
  expect([...batch.values]).toEqual([1.5]);
  expect([...batch.timestamps]).toEqual([1_795_000_000_123]);
  expect(batch.metadata).toMatchObject([{ name: 'up', type: 'gauge', help: 'is it up' }]);
});
