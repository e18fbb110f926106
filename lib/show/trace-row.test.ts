import { expect, test } from 'vitest';
import type { Span } from '#lib/model/span.ts';
import { traceRow } from './trace-row.ts';

const span = (
  spanId: string,
  parentSpanId: string,
  service: string,
  startUs: number,
  durationUs: number,
  status: Span['status'] = 'unset',
): Span => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name: `${service} op`,
  kind: 'server',
  startUs,
  durationUs,
  status,
  statusMessage: '',
  attributes: [],
  events: [],
  links: [],
  traceState: '',
  resource: { service, instance: '', attributes: [] },
  scope: { name: '', version: '' },
  warnings: [],
});

test('the root names the trace although another span starts first', () => {
  const row = traceRow({
    traceId: 't',
    spans: [
      span('b', 'a', 'orders', 900, 200, 'error'),
      span('a', '', 'storefront', 1000, 5000),
      span('c', 'b', 'orders', 1100, 100),
    ],
  });
  expect(row).toEqual({
    traceId: 't',
    at: 0.9,
    durationMs: 5.1,
    service: 'storefront',
    operation: 'storefront op',
    spans: 3,
    errors: 1,
    services: [
      { name: 'orders', spans: 2 },
      { name: 'storefront', spans: 1 },
    ],
  });
});

test.each([
  ['an orphan when the root is missing', [span('b', 'gone', 'x', 5, 1), span('c', 'b', 'y', 1, 1)], 'x'],
  ['the first of a cycle', [span('a', 'b', 'x', 0, 1), span('b', 'a', 'y', 1, 1)], 'x'],
])('%s', (_, spans, service) => {
  expect(traceRow({ traceId: 't', spans }).service).toBe(service);
});
