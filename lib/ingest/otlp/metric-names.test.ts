import { expect, test } from 'vitest';
import { labelName, metricName, unitName } from './metric-names.ts';

test.each([
  ['By', 'bytes'],
  ['s', 'seconds'],
  ['m/s', 'meters_per_second'],
  ['{packets}', ''],
  ['{packets}/s', 'per_second'],
  ['1', ''],
  ['', ''],
  ['widgets', 'widgets'],
])('unit %j is %j', (unit, name) => {
  expect(unitName(unit)).toBe(name);
});

test.each([
  ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
  ['system.filesystem.usage', 'By', 'sum', 'system_filesystem_usage_bytes'],
  ['system.network.io', 'By', 'counter', 'system_network_io_bytes_total'],
  ['system.network.dropped', '{packets}', 'counter', 'system_network_dropped_total'],
  ['system.memory.utilization', '1', 'gauge', 'system_memory_utilization_ratio'],
  ['jobs.done', '1', 'counter', 'jobs_done_total'],
  ['requests_total', '', 'counter', 'requests_total'],
  ['queue.total.size', '', 'counter', 'queue_size_total'],
  ['process_cpu_seconds', 's', 'counter', 'process_cpu_seconds_total'],
  ['astro.light.speed', 'm/s', 'gauge', 'astro_light_speed_meters_per_second'],
  ['(lambda).function.executions(#)', '', 'gauge', 'lambda_function_executions'],
  ['5xx.count', '', 'gauge', '_5xx_count'],
])('%s (%s, %s) is %s', (name, unit, kind, expected) => {
  expect(metricName(name, unit, { isCounter: kind === 'counter', isGauge: kind === 'gauge' })).toBe(expected);
});

test.each([
  ['http.route', 'http_route'],
  ['_private', '_private'],
  ['5xx', 'key_5xx'],
  ['ключ', '____'],
])('label %s is %s', (key, expected) => {
  expect(labelName(key)).toBe(expected);
});
