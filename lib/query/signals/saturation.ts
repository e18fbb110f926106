import type { TimeRange } from '#lib/model/time-range.ts';
import type { SignalSeries } from './read.ts';
import type { Role } from './role.ts';

export interface Saturation {
  readonly role: Role;
  /** 0 idle … 1 full */
  readonly value: number;
  readonly label: string;
}

/** Roles that `saturationOf` looks at. */
export const SATURATION_ROLES: readonly Role[] = [
  'pool.in_use',
  'pool.size',
  'pool.idle',
  'pool.max',
  'eventloop.utilization',
  'eventloop.lag_p99_seconds',
  'heap.used_bytes',
  'heap.limit_bytes',
];

/** Above this delay an event loop counts as full: every request on it waits that long. */
const LAG_FULL_SECONDS = 0.5;

/** Sum over one process' parts of the mean over the range, by instance. */
function meanByInstance(series: readonly SignalSeries[], role: Role, range: TimeRange): Map<string, number> {
  const sums = new Map<string, number>();
  for (const s of series) {
    if (s.role !== role) continue;
    let sum = 0;
    let n = 0;
    s.timestamps.forEach((at, i) => {
      if (at < range.from || at > range.to) return;
      sum += s.values[i] ?? 0;
      n++;
    });
    if (n > 0) sums.set(s.instance, (sums.get(s.instance) ?? 0) + sum / n);
  }
  return sums;
}

/** The fullest resource of one service, on its fullest instance; undefined when no metric tells. */
export function saturationOf(series: readonly SignalSeries[], range: TimeRange): Saturation | undefined {
  const mean = (role: Role) => meanByInstance(series, role, range);
  const found: Saturation[] = [];
  const add = (role: Role, label: string, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value))
      found.push({ role, label, value: Math.min(1, Math.max(0, value)) });
  };
  const inUse = mean('pool.in_use');
  const idle = mean('pool.idle');
  for (const [instance, size] of mean('pool.size'))
    if (!inUse.has(instance)) inUse.set(instance, size - (idle.get(instance) ?? 0));
  for (const [instance, max] of mean('pool.max'))
    if (max > 0) add('pool.in_use', 'connection pool', (inUse.get(instance) ?? 0) / max);
  for (const value of mean('eventloop.utilization').values())
    add('eventloop.utilization', 'event loop', value);
  if (!found.some((s) => s.role === 'eventloop.utilization'))
    for (const lag of mean('eventloop.lag_p99_seconds').values())
      add('eventloop.lag_p99_seconds', 'event loop delay', lag / LAG_FULL_SECONDS);
  const limits = mean('heap.limit_bytes');
  for (const [instance, used] of mean('heap.used_bytes')) {
    const limit = limits.get(instance);
    if (limit !== undefined && limit > 0) add('heap.used_bytes', 'heap', used / limit);
  }
  return found.sort((a, b) => b.value - a.value)[0];
}
