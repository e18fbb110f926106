import { DIGEST_BUCKET_MS, type StatementDigest } from '#lib/model/digest.ts';
import type { ChangeEvent } from '#lib/model/event.ts';
import { labelsKey } from '#lib/model/labels.ts';
import type { Trace } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS, type SpanBucket, type SpanSeries } from '#lib/model/span-stats.ts';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { ServiceGraph } from '#lib/query/graph.ts';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import { SliceOfTime } from '#lib/store/slice-of-time.ts';
import type { OwnBaselines } from './baseline.ts';
import type { RequestView } from './requests.ts';

/** What was fetched, once, for all detectors: the window and the time before it that it is compared with. */
export interface Evidence {
  readonly window: TimeRange;
  /** Stretches without known incidents, ascending; empty when nothing is known of the time before. */
  readonly baseline: readonly TimeRange[];
  /** The same for one service, see `baselineOf`. */
  readonly own?: OwnBaselines;
  readonly signals: readonly SignalSeries[];
  readonly spans: readonly SpanSeries[];
  /** A bounded sample from the window. */
  readonly traces: readonly Trace[];
  /** The sample's requests, one for each service a trace went through. */
  readonly requests: readonly RequestView[];
  readonly graph: ServiceGraph;
  readonly digests: readonly StatementDigest[];
  readonly notices: readonly DatabaseNotice[];
  readonly events: readonly ChangeEvent[];
}

/** Stretches before the window in which this service had no incident of its own. */
export const baselineOf = (evidence: Evidence, service: string): readonly TimeRange[] =>
  evidence.own?.byService.get(service) ?? evidence.own?.untouched ?? evidence.baseline;

export const contains = (range: TimeRange, at: number): boolean => at >= range.from && at <= range.to;

const anyContains = (ranges: readonly TimeRange[], at: number): boolean =>
  ranges.some((r) => contains(r, at));

export const totalMs = (ranges: readonly TimeRange[]): number =>
  ranges.reduce((sum, r) => sum + r.to - r.from, 0);

/** Buckets whose middle lies in one of the ranges: an edge inside a bucket counts it to the side that has more of it. */
export function spanBuckets(series: SpanSeries, ranges: readonly TimeRange[]): SpanBucket[] {
  return series.buckets.filter((b) => anyContains(ranges, b.at + SPAN_BUCKET_MS / 2));
}

/** As `spanBuckets`, but the minute that is still running at a range's end counts too: it holds the newest statements. */
export function digestBuckets(
  digest: StatementDigest,
  ranges: readonly TimeRange[],
): StatementDigest['buckets'] {
  return digest.buckets.filter(
    (b) =>
      anyContains(ranges, b.at + DIGEST_BUCKET_MS / 2) ||
      ranges.some((r) => b.at > r.from && b.at <= r.to && r.to < b.at + DIGEST_BUCKET_MS),
  );
}

export interface Samples {
  readonly times: number[];
  readonly values: number[];
}

export function samplesIn(series: SignalSeries, ranges: readonly TimeRange[]): Samples {
  const times: number[] = [];
  const values: number[] = [];
  series.timestamps.forEach((at, i) => {
    const value = series.values[i];
    if (value === undefined || !anyContains(ranges, at)) return;
    times.push(at);
    values.push(value);
  });
  return { times, values };
}

/** Joins lists of the same series over ranges that follow one another. */
function join<T, P>(
  lists: readonly (readonly T[])[],
  key: (item: T) => string,
  merge: (items: readonly T[]) => P,
): P[] {
  const groups = new Map<string, T[]>();
  for (const item of lists.flat()) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()].map(merge);
}

const firstOf = <T>(items: readonly T[]): T => {
  const item = items[0];
  if (item === undefined) throw new Error('a group is never empty');
  return item;
};

export const joinSpans = (...lists: readonly (readonly SpanSeries[])[]): SpanSeries[] =>
  join(
    lists,
    (s) => JSON.stringify([s.service, s.operation, s.kind, s.peer]),
    (items) => ({ ...firstOf(items), buckets: items.flatMap((s) => s.buckets) }),
  );

export const joinDigests = (...lists: readonly (readonly StatementDigest[])[]): StatementDigest[] =>
  join(
    lists,
    (d) => JSON.stringify([d.fingerprint, d.service, d.instance, d.database]),
    (items) => ({
      ...firstOf(items),
      buckets: items.flatMap((d) => d.buckets),
      examples: items.flatMap((d) => d.examples),
    }),
  );

/** As `joinSpans`; there may be tens of thousands, so others get a turn in between. */
export async function joinSignals(
  before: readonly SignalSeries[],
  after: readonly SignalSeries[],
): Promise<SignalSeries[]> {
  const slice = new SliceOfTime();
  const joined: SignalSeries[] = [];
  const places = new Map<string, number>();
  for (const series of [...before, ...after]) {
    const key = labelsKey(series.labels);
    const place = places.get(key);
    const known = place === undefined ? undefined : joined[place];
    if (place === undefined || known === undefined) {
      places.set(key, joined.length);
      joined.push(series);
    } else
      joined[place] = {
        ...known,
        timestamps: concat(known.timestamps, series.timestamps),
        values: concat(known.values, series.values),
      };
    if (slice.over()) await slice.next();
  }
  return joined;
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
