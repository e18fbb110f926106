import type { SignalMapping } from './role.ts';

const USED = /^used$/;
const IDLE = /^idle$/;

/**
 * OpenTelemetry semantic conventions as they look after translation to Prometheus names: database client pools
 * (current `db.client.connection.*`, older `db.client.connections.*`), Node.js and V8 runtime, process.
 */
export const OTEL_SIGNALS: readonly SignalMapping[] = [
  {
    role: 'pool.in_use',
    metric: 'db_client_connection_count(?:_connections)?',
    labels: [['db_client_connection_state', USED]],
    part: 'db_client_connection_pool_name',
  },
  {
    role: 'pool.in_use',
    metric: 'db_client_connection_count',
    labels: [['state', USED]],
    part: 'pool_name',
  },
  {
    role: 'pool.idle',
    metric: 'db_client_connection_count(?:_connections)?',
    labels: [['db_client_connection_state', IDLE]],
    part: 'db_client_connection_pool_name',
  },
  { role: 'pool.max', metric: 'db_client_connection_max', part: 'db_client_connection_pool_name' },
  {
    role: 'pool.pending',
    metric: 'db_client_connection_pending_requests',
    part: 'db_client_connection_pool_name',
  },
  {
    role: 'pool.in_use',
    metric: 'db_client_connections_usage',
    labels: [['state', USED]],
    part: 'pool_name',
  },
  { role: 'pool.idle', metric: 'db_client_connections_usage', labels: [['state', IDLE]], part: 'pool_name' },
  { role: 'pool.max', metric: 'db_client_connections_max', part: 'pool_name' },
  { role: 'pool.pending', metric: 'db_client_connections_pending_requests', part: 'pool_name' },
  { role: 'eventloop.lag_p99_seconds', metric: 'nodejs_eventloop_delay_p99(?:_seconds)?' },
  { role: 'eventloop.lag_seconds', metric: 'nodejs_eventloop_delay_mean(?:_seconds)?' },
  { role: 'eventloop.utilization', metric: 'nodejs_eventloop_utilization(?:_ratio)' },
  { role: 'heap.used_bytes', metric: 'v8js_memory_heap_used(?:_bytes)?', part: 'v8js_heap_space_name' },
  { role: 'heap.limit_bytes', metric: 'v8js_memory_heap_limit(?:_bytes)?', part: 'v8js_heap_space_name' },
  { role: 'process.resident_bytes', metric: 'process_memory_usage(?:_bytes)?' },
  { role: 'cpu.seconds_total', metric: 'process_cpu_time(?:_seconds)?(?:_total)?' },
];
