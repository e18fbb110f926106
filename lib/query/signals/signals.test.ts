import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeLabels } from '#lib/model/labels.ts';
import { bucketQuantile, increase, sumBuckets } from './counters.ts';
import { mappingOf, type SignalSeries, toSignal } from './read.ts';
import { SIGNAL_CATALOGUE } from './registry.ts';
import { saturationOf } from './saturation.ts';

const labels = (name: string, rest: Record<string, string> = {}) =>
  makeLabels([['__name__', name], ...Object.entries(rest)]);

describe('signal catalogue', () => {
  test('has one file a technology', () => {
    const frame = ['role', 'registry', 'read', 'counters', 'saturation', 'signals.test'];
    const files = globSync('lib/query/signals/*.ts').map((f) => path.basename(f, '.ts'));
    expect(files.filter((f) => !frame.includes(f)).sort()).toEqual(
      SIGNAL_CATALOGUE.map(([name]) => name).sort(),
    );
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['nodejs_eventloop_lag_p99_seconds', {}, 'eventloop.lag_p99_seconds'],
    ['nodejs_heap_size_used_bytes', {}, 'heap.used_bytes'],
    ['nodejs_heap_size_total_bytes', {}, undefined],
    ['process_start_time_seconds', {}, 'process.start_seconds'],
    ['db_client_connection_count', { state: 'used' }, 'pool.in_use'],
    ['db_client_connection_count', { state: 'idle' }, undefined],
    ['db_client_connection_count', { db_client_connection_state: 'idle' }, 'pool.idle'],
    ['db_client_connections_usage', { state: 'used' }, 'pool.in_use'],
    ['db_client_connection_pending_requests', {}, 'pool.pending'],
    ['pg_pool_waiting', {}, 'pool.pending'],
    ['pg_pool_total_connections', {}, 'pool.size'],
    ['pg_pool_connections', { state: 'idle' }, 'pool.idle'],
    ['pg_pool_max', {}, 'pool.max'],
    ['pg_pool_wait_seconds_count', {}, undefined],
    ['hikaricp_connections_active', {}, 'pool.in_use'],
    ['hikaricp_pending_threads', {}, 'pool.pending'],
    ['http_server_request_duration_seconds_bucket', {}, 'http.server.duration_bucket'],
    ['http_request_duration_seconds_count', {}, 'http.server.duration_count'],
    ['http_client_request_duration_seconds_count', {}, undefined],
    ['jvm_memory_used_bytes', { area: 'heap' }, 'heap.used_bytes'],
    ['jvm_memory_used_bytes', { area: 'nonheap' }, undefined],
    ['up', {}, 'target.up'],
  ])('%s %j is %s', (name, rest, role) => {
    expect(mappingOf(labels(name, rest))?.role).toBe(role);
  });

  test('a service is the service label, else the job; stale samples are left out', () => {
    const series = {
      labels: labels('up', { job: 'shop', instance: 'a:1' }),
      timestamps: Float64Array.of(1, 2),
      values: Float64Array.of(Number.NaN, 1),
    };
    expect(toSignal(series)).toMatchObject({
      service: 'shop',
      instance: 'a:1',
      timestamps: Float64Array.of(2),
      values: Float64Array.of(1),
    });
  });
});

const signal = (name: string, values: readonly number[], rest: Record<string, string> = {}): SignalSeries => {
  const found = toSignal({
    labels: labels(name, { service: 'shop', ...rest }),
    timestamps: Float64Array.from(values, (_, i) => i * 1000),
    values: Float64Array.from(values),
  });
  if (!found) throw new Error(`${name} has no role`);
  return found;
};
const RANGE = { from: 0, to: 60_000 };

describe('counters', () => {
  test('a drop is a restart from zero', () => {
    expect(increase({ timestamps: [0, 1, 2, 3], values: [5, 10, 2, 4] }, { from: 0, to: 9 })).toBe(9);
  });
  test('quantiles from buckets, in seconds whatever the unit of the bounds', () => {
    const name = 'http_server_duration_milliseconds_bucket';
    const buckets = sumBuckets(
      [
        signal(name, [0, 50], { le: '100' }),
        signal(name, [0, 100], { le: '200' }),
        signal(name, [0, 100], { le: '+Inf' }),
      ],
      RANGE,
    );
    expect(bucketQuantile(0.5, buckets)).toBeCloseTo(0.1);
    expect(bucketQuantile(0.75, buckets)).toBeCloseTo(0.15);
    expect(bucketQuantile(0.5, [])).toBeUndefined();
  });
  test('a quantile in the last bucket is its lower bound', () => {
    expect(
      bucketQuantile(0.99, [
        { le: 1, count: 5 },
        { le: Number.POSITIVE_INFINITY, count: 10 },
      ]),
    ).toBe(1);
  });
});

describe('saturation', () => {
  test('is that of the fullest resource', () => {
    const found = saturationOf(
      [
        signal('pg_pool_total', [10, 10]),
        signal('pg_pool_idle', [1, 1]),
        signal('pg_pool_max', [10, 10]),
        signal('nodejs_eventloop_utilization', [0.3]),
      ],
      RANGE,
    );
    expect(found).toEqual({ role: 'pool.in_use', value: 0.9, label: 'connection pool' });
  });
  test('is unknown without metrics', () => {
    expect(saturationOf([], RANGE)).toBeUndefined();
  });
});
