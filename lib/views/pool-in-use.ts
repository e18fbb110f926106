import type { SignalSeries } from '#lib/query/signals/read.ts';

/**
 * Connections in use of pools that only tell how many are open and how many of them idle (node-postgres), as
 * series of their own. Pools that tell it themselves are left alone.
 */
export function derivePoolInUse(signals: readonly SignalSeries[]): SignalSeries[] {
  const pools = new Set(signals.filter((s) => s.role === 'pool.in_use').map(poolOf));
  return signals.flatMap((size) => {
    if (size.role !== 'pool.size' || pools.has(poolOf(size))) return [];
    const idle = signals.find((s) => s.role === 'pool.idle' && poolOf(s) === poolOf(size));
    if (!idle) return [];
    const idleAt = byTime(idle);
    // Both gauges come from one scrape; an instant that has only one of them tells nothing.
    const at = size.timestamps.filter((t) => idleAt.has(t));
    const open = byTime(size);
    const values = at.map((t) => Math.max(0, (open.get(t) ?? 0) - (idleAt.get(t) ?? 0)));
    return [{ ...size, role: 'pool.in_use' as const, timestamps: at, values }];
  });
}

function byTime({ timestamps, values }: SignalSeries): Map<number, number> {
  return new Map(Array.from(timestamps, (at, i) => [at, values[i] ?? 0]));
}

function poolOf(signal: SignalSeries): string {
  return `${signal.instance}\n${signal.part}`;
}
