import type { SignalMapping } from './role.ts';

/** What every Prometheus client library tells of its process, and what the scrape itself tells. */
export const PROCESS_SIGNALS: readonly SignalMapping[] = [
  { role: 'process.resident_bytes', metric: 'process_resident_memory_bytes' },
  { role: 'process.start_seconds', metric: 'process_start_time_seconds' },
  { role: 'cpu.seconds_total', metric: 'process_cpu_seconds_total' },
  { role: 'target.up', metric: 'up' },
];
