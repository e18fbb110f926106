import { describe, expect, test } from 'vitest';
import { parse } from '#lib/query/promql/parse.ts';
import { unitOfObservation, unitOfQuery } from './explore-unit.ts';

const METADATA = new Map([
  ['heap_used', { unit: 'bytes', type: 'gauge' }],
  ['jobs_done', { unit: '', type: 'counter' }],
]);
const unit = (query: string) => unitOfQuery(parse(query), (metric) => METADATA.get(metric));

describe('the unit of a query', () => {
  test.each([
    ['process_resident_memory_bytes', 'bytes'],
    ['heap_used', 'bytes'],
    ['rate(node_network_receive_bytes_total[5m])', 'bytes-per-second'],
    ['sum by (route) (rate(http_requests_total[5m]))', 'per-second'],
    ['rate(jobs_done[5m])', 'per-second'],
    ['increase(http_requests_total[1h])', 'count'],
    ['histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))', 's'],
    ['histogram_quantile(0.95, rate(query_ms_bucket[5m]))', 'ms'],
    ['rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])', 's'],
    ['sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))', 'ratio'],
    ['100 * sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))', 'number'],
    ['rate(process_cpu_seconds_total[5m])', 'number'],
    ['time() - process_start_time_seconds', 's'],
    ['quantile_over_time(0.9, pool_wait_seconds[5m])', 's'],
    ['up', 'number'],
    ['count by (job) (up)', 'count'],
    ['used_bytes > 100', 'bytes'],
    ['used_bytes > bool 100', 'number'],
    ['used_bytes / 1024', 'number'],
    ['used_bytes / limit_bytes', 'ratio'],
    ['cache_hit_ratio', 'ratio'],
    ['1 + 1', 'number'],
    ['{job="a"}', 'number'],
    ['{__name__="a_bytes"}', 'bytes'],
    ['max_over_time(rate(x_bytes_total[1m])[1h:])', 'bytes-per-second'],
  ])('%s → %s', (query, expected) => {
    expect(unit(query)).toBe(expected);
  });
});

test('an exemplar of a histogram is in the unit of what is observed', () => {
  expect(unitOfObservation('http_request_duration_seconds_bucket', undefined)).toBe('s');
  expect(unitOfObservation('http_requests_total', undefined)).toBe('number');
});
