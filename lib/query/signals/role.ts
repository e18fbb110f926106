import type { Labels } from '#lib/model/labels.ts';
import { labelValue } from '#lib/model/labels.ts';

/**
 * What a series means, whatever technology exposes it. Units are fixed per role: seconds, bytes, counts, ratios 0…1.
 * A detector asks for a role, never for a metric name.
 */
export const ROLES = {
  'pool.in_use': 'connections in use',
  'pool.idle': 'idle connections',
  'pool.size': 'open connections',
  'pool.max': 'connections allowed',
  'pool.pending': 'requests waiting for a connection',
  'eventloop.lag_p99_seconds': 'event loop delay (p99)',
  'eventloop.lag_seconds': 'event loop delay',
  'eventloop.utilization': 'event loop utilisation',
  'heap.used_bytes': 'heap in use',
  'heap.limit_bytes': 'heap limit',
  'process.resident_bytes': 'resident memory',
  'process.start_seconds': 'process start time',
  'gc.seconds_total': 'time in garbage collection',
  'cpu.seconds_total': 'CPU time',
  'cpu.limit_cores': 'CPU limit',
  'memory.limit_bytes': 'memory limit',
  'http.server.duration_bucket': 'request duration histogram',
  'http.server.duration_count': 'requests',
  'target.up': 'scrape target is up',
} as const;
export type Role = keyof typeof ROLES;

export interface SignalMapping {
  readonly role: Role;
  /** Regular expression over the whole metric name; linear in both RE2 and JavaScript. */
  readonly metric: string;
  /** Every label must match the whole expression; an absent label is `''`. */
  readonly labels?: readonly (readonly [name: string, value: RegExp])[];
  /** Factor from the metric's unit to the role's. */
  readonly scale?: number;
  /** Label that tells several pools (heaps, …) of one process apart. */
  readonly part?: string;
}

/** `service` of a series: the first of these labels that is there. */
export function serviceOf(labels: Labels): string {
  return (
    labelValue(labels, 'service') ||
    labelValue(labels, 'service_name') ||
    labelValue(labels, 'app') ||
    labelValue(labels, 'job')
  );
}

export function instanceOf(labels: Labels): string {
  return (
    labelValue(labels, 'instance') ||
    labelValue(labels, 'service_instance_id') ||
    labelValue(labels, 'pod') ||
    labelValue(labels, 'host')
  );
}
