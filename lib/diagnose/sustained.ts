import type { TimeRange } from '#lib/model/time-range.ts';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import type { Role } from '#lib/query/signals/role.ts';
import { type Evidence, type Samples, samplesIn } from './evidence.ts';

/** Fewer samples than this are not "sustained". */
export const MIN_SAMPLES = 3;

/** Share of values at or above a limit. */
export const shareAtLeast = (values: readonly number[], limit: number): number =>
  values.length === 0 ? 0 : values.filter((v) => v >= limit).length / values.length;

export interface Place {
  readonly service: string;
  readonly instance: string;
  readonly part: string;
}

/** The series of some roles, by the process (and pool, heap, …) they belong to. */
export function byPlace(
  evidence: Evidence,
  roles: readonly Role[],
): { place: Place; series: SignalSeries[] }[] {
  const own = evidence.signals.filter((s) => roles.includes(s.role) && s.service !== '');
  return [...Map.groupBy(own, (s) => JSON.stringify([s.service, s.instance, s.part])).values()].flatMap(
    (series) => {
      const first = series[0];
      return first
        ? [{ place: { service: first.service, instance: first.instance, part: first.part }, series }]
        : [];
    },
  );
}

export function roleSamples(
  series: readonly SignalSeries[],
  role: Role,
  ranges: readonly TimeRange[],
): Samples {
  const own = series.find((s) => s.role === role);
  return own ? samplesIn(own, ranges) : { times: [], values: [] };
}

/**
 * Value of a column at or just before a time; undefined when it has none yet. The times asked for must ascend: there are
 * thousands of columns, and a search for each time would hold the event loop.
 */
export function valuesOver({
  times,
  values,
}: {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}): (at: number) => number | undefined {
  let next = 0;
  return (at) => {
    while (next < times.length && (times[next] ?? 0) <= at) next++;
    return next === 0 ? undefined : values[next - 1];
  };
}

/** PromQL selector of one series' place, for a person to run elsewhere. */
export function selectorOf(series: SignalSeries): string {
  const labels = series.labels
    .filter(([name]) => name !== '__name__' && name !== 'le')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${series.metric}{${labels.join(',')}}`;
}
