import type { SignalMapping } from './role.ts';

/** JVM memory and collector through Micrometer and through the Prometheus Java client. */
export const JVM_SIGNALS: readonly SignalMapping[] = [
  { role: 'heap.used_bytes', metric: 'jvm_memory_used_bytes', labels: [['area', /^heap$/]], part: 'id' },
  { role: 'heap.used_bytes', metric: 'jvm_memory_bytes_used', labels: [['area', /^heap$/]] },
  { role: 'heap.limit_bytes', metric: 'jvm_memory_max_bytes', labels: [['area', /^heap$/]], part: 'id' },
  { role: 'heap.limit_bytes', metric: 'jvm_memory_bytes_max', labels: [['area', /^heap$/]] },
  { role: 'gc.seconds_total', metric: 'jvm_gc_(?:pause|collection)_seconds_sum', part: 'gc' },
];
