import { Sketch } from '#lib/model/sketch.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { callBuckets, quantiles, totalsPerStep } from './span-panels.ts';
import { stepsForTraffic } from './steps.ts';

/** Rate, errors and durations of a group of calls over the whole range. */
export interface CallRow {
  readonly name: string;
  readonly kind: string;
  /** calls per second since the first of any of them in the range */
  readonly rate: number;
  readonly calls: number;
  /** 0…1 */
  readonly errorRatio: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Time spent in all calls, ms: what to look at first. */
  readonly totalMs: number;
  readonly p95: readonly (number | null)[];
}

/** Groups series by a name, the most time-consuming group first. */
function rowsBy(
  series: readonly SpanSeries[],
  range: TimeRange,
  nameOf: (series: SpanSeries) => string,
): CallRow[] {
  const seconds = observedSeconds(series, range);
  const groups = new Map<string, SpanSeries[]>();
  for (const s of series) {
    const key = `${s.kind}\n${nameOf(s)}`;
    const same = groups.get(key);
    if (same) same.push(s);
    else groups.set(key, [s]);
  }
  return [...groups.values()]
    .flatMap((group): CallRow[] => {
      const first = group[0];
      if (!first) return [];
      const durations = new Sketch();
      let calls = 0;
      let errors = 0;
      for (const { buckets } of group) {
        for (const bucket of buckets) {
          calls += bucket.calls;
          errors += bucket.errors;
          durations.merge(bucket.durations);
        }
      }
      const steps = stepsForTraffic(range, callBuckets(group), 40);
      return [
        {
          name: nameOf(first),
          kind: first.kind,
          calls,
          rate: calls / seconds,
          errorRatio: calls === 0 ? 0 : errors / calls,
          p50Ms: durations.quantile(0.5),
          p95Ms: durations.quantile(0.95),
          p99Ms: durations.quantile(0.99),
          totalMs: durations.sum,
          p95: quantiles(totalsPerStep(group, steps), 0.95),
        },
      ];
    })
    .toSorted((a, b) => b.totalMs - a.totalMs);
}

/** Data that begin within the range must not look thin for the time before them. */
function observedSeconds(series: readonly SpanSeries[], range: TimeRange): number {
  const first = series.reduce((at, s) => Math.min(at, s.buckets[0]?.at ?? range.to), range.to);
  return Math.max(1, (range.to - Math.max(range.from, first)) / 1000);
}

/** What a service answers, by operation. */
export function operationRows(series: readonly SpanSeries[], range: TimeRange): CallRow[] {
  return rowsBy(series, range, (s) => s.operation || '(no name)');
}

/** Whom a service calls, as it saw them answer. */
export function dependencyRows(series: readonly SpanSeries[], range: TimeRange): CallRow[] {
  const calls = series.filter((s) => (s.kind === 'client' || s.kind === 'producer') && s.peer !== '');
  return rowsBy(calls, range, (s) => s.peer);
}
