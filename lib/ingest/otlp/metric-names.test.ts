import { expect, test } from 'vitest';
import type { Translation } from './metric-names.ts';
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
  ['requests.per.second', '{request}/s', 'gauge', 'requests_per_second_per_second'],
  ['weird', 'foo-bar__baz', 'gauge', 'weird_foo_bar_baz'],
  ['a__b', '', 'gauge', 'a_b'],
  ['размер', '', 'gauge', ''],
  ['___', '', 'gauge', ''],
])('%s (%s, %s) is %s', (name, unit, kind, expected) => {
  const metric = { name, unit, isCounter: kind === 'counter', isGauge: kind === 'gauge' };
  expect(metricName(metric)).toBe(expected);
});

test.each([
  ['http.route', 'http_route'],
  ['_private', 'key_private'],
  ['__reserved', '__reserved'],
  ['5xx', 'key_5xx'],
  ['ключ', '____'],
])('label %s is %s', (key, expected) => {
  expect(labelName(key)).toBe(expected);
});

test.each<[Translation, string, string, string, string]>([
  ['UnderscoreEscapingWithoutSuffixes', 'http.requests', 's', 'counter', 'http_requests'],
  ['UnderscoreEscapingWithoutSuffixes', 'a__b.total', '', 'counter', 'a__b_total'],
  ['NoUTF8EscapingWithSuffixes', 'http.requests', '1', 'counter', 'http.requests_total'],
  ['NoUTF8EscapingWithSuffixes', 'größe', 'By/s', 'gauge', 'größe_bytes_per_second'],
  ['NoUTF8EscapingWithSuffixes', 'a.bytes_per_second_total', 'By/s', 'counter', 'a.bytes_per_second_total'],
  ['NoTranslation', 'http.requests', 's', 'counter', 'http.requests'],
])('%s: %s (%s, %s) is %s', (translation, name, unit, kind, expected) => {
  const metric = { name, unit, isCounter: kind === 'counter', isGauge: kind === 'gauge' };
  expect(metricName(metric, translation)).toBe(expected);
});

test('attributes keep their names where names are not escaped', () => {
  expect(labelName('http.route', 'NoTranslation')).toBe('http.route');
  expect(labelName('http.route', 'NoUTF8EscapingWithSuffixes')).toBe('http.route');
});
