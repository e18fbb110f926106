import { type MetricBatch, type SeriesRef, seriesRef } from '#lib/model/metrics.ts';
import type { Span } from '#lib/model/span.ts';
import type { StatementRun } from '#lib/model/statement.ts';

/** One series' samples as [timestamp, value]. */
export type Row = readonly [ref: SeriesRef, samples: readonly (readonly [number, number])[]];

export const series = (name: string, labels: Record<string, string> = {}): SeriesRef =>
  seriesRef([['__name__', name], ...Object.entries(labels)]);

export function metricBatch(rows: readonly Row[]): MetricBatch {
  const samples = rows.flatMap(([, list]) => list);
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach(([, list], i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + list.length;
  });
  return {
    series: rows.map(([ref]) => ref),
    offsets,
    timestamps: Float64Array.from(samples, ([at]) => at),
    values: Float64Array.from(samples, ([, value]) => value),
    metadata: [],
  };
}

export const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** A server span of the service `shop`, unless told otherwise. */
export function makeSpan(given: Partial<Span> & { readonly traceId: string; readonly spanId: string }): Span {
  return {
    parentSpanId: '',
    name: 'GET /',
    kind: 'server',
    startUs: 0,
    durationUs: 1000,
    status: 'unset',
    statusMessage: '',
    attributes: [],
    events: [],
    links: [],
    traceState: '',
    resource: { service: 'shop', instance: 'shop-1', attributes: [] },
    scope: { name: 'test', version: '1' },
    warnings: [],
    ...given,
  };
}

export const makeRun = (given: Partial<StatementRun> & { readonly at: number }): StatementRun => ({
  system: 'postgresql',
  service: 'shop',
  instance: 'db-1',
  database: 'shop',
  user: 'app',
  fingerprint: '00000000000000aa',
  text: 'SELECT * FROM orders WHERE id = ?',
  example: 'SELECT * FROM orders WHERE id = ?',
  durationMs: 10,
  ...given,
});
