import type { SignalMapping } from './role.ts';

/** prom-client's default metrics of a Node.js process. */
export const NODE_SIGNALS: readonly SignalMapping[] = [
  { role: 'eventloop.lag_p99_seconds', metric: 'nodejs_eventloop_lag_p99_seconds' },
  { role: 'eventloop.lag_seconds', metric: 'nodejs_eventloop_lag_seconds' },
  { role: 'eventloop.utilization', metric: 'nodejs_eventloop_utilization' },
  { role: 'heap.used_bytes', metric: 'nodejs_heap_size_used_bytes' },
  { role: 'heap.limit_bytes', metric: 'nodejs_heap_size_limit_bytes' },
  { role: 'gc.seconds_total', metric: 'nodejs_gc_duration_seconds_sum', part: 'kind' },
];
