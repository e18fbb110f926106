import type { Trace } from '#lib/model/span.ts';
import { selfTimeUs } from '#lib/query/critical-path.ts';
import { spanTree } from '#lib/query/span-tree.ts';
import { mannWhitney } from './statistics.ts';

/** Where time was spent in a sample of traces: by service in its own code, and between services. */
export interface TraceTimes {
  /** service → own time of each of its spans, ms */
  readonly own: ReadonlyMap<string, readonly number[]>;
  /** caller → callee (JSON pair) → time of each call that the callee did not see, ms */
  readonly gap: ReadonlyMap<string, readonly number[]>;
}

export function traceTimes(traces: readonly Trace[]): TraceTimes {
  const own = new Map<string, number[]>();
  const gap = new Map<string, number[]>();
  const add = (map: Map<string, number[]>, key: string, value: number) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const trace of traces) {
    const tree = spanTree(trace);
    for (const span of tree.byId.values()) {
      const children = tree.childrenOf(span);
      const remote = children.find((c) => c.resource.service !== span.resource.service);
      if (span.kind === 'client' && remote) {
        const key = JSON.stringify([span.resource.service, remote.resource.service]);
        add(gap, key, Math.max(0, span.durationUs - remote.durationUs) / 1000);
      } else add(own, `${span.resource.service}\u0000${span.name}`, selfTimeUs(tree, span) / 1000);
    }
  }
  return { own, gap };
}

export interface TimeShift {
  readonly key: string;
  readonly usualMs: number;
  readonly nowMs: number;
  /** rise of the mean, times the samples now: what it adds to the requests */
  readonly addedMs: number;
  readonly p: number;
}

const MIN_SAMPLES = 8;

const average = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

const counted = (values: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return counts;
};

/** What takes longer than before, the most added time first. */
export function timeShifts(
  before: ReadonlyMap<string, readonly number[]>,
  now: ReadonlyMap<string, readonly number[]>,
): TimeShift[] {
  const shifts: TimeShift[] = [];
  for (const [key, values] of now) {
    const usual = before.get(key) ?? [];
    if (values.length < MIN_SAMPLES || usual.length < MIN_SAMPLES) continue;
    const nowMs = average(values);
    const usualMs = average(usual);
    const { p } = mannWhitney(counted(usual), counted(values));
    shifts.push({ key, usualMs, nowMs, addedMs: (nowMs - usualMs) * values.length, p });
  }
  return shifts.sort((a, b) => b.addedMs - a.addedMs);
}
