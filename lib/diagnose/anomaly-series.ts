import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { serviceOf } from '#lib/query/signals/role.ts';
import { changePoint } from './change-point.ts';
import type { Resource } from './detector.ts';
import { mean, median, quantile } from './statistics.ts';

/** What a series tells about its service, read from the words of its name: for systems whose metrics no catalogue knows. */
export type Aspect = 'latency' | 'errors' | 'traffic' | 'cpu' | 'memory' | 'network' | 'disk' | 'queue';

/** First match wins: `cpu_wait_seconds` is CPU, `network_latency` is latency. */
const WORDS: readonly (readonly [Aspect, RegExp])[] = [
  ['latency', /latency|duration|response_?time|request_seconds|elapsed/],
  ['errors', /error|fail|fault|availab|success/],
  ['cpu', /cpu|processor|throttl/],
  ['memory', /mem|heap|rss|swap|oom/],
  ['network', /network|receive|transmit|packets|tcp|bandwidth|socket/],
  ['disk', /disk|filesystem|iops|fs_(?:read|write)|io_(?:time|wait)/],
  ['queue', /queue|backlog|pending|consumer_lag/],
  ['traffic', /requests?|calls|rps|qps|invocations/],
];

/** Aspects that name a resource of a cause. */
export const RESOURCE_OF: Readonly<Partial<Record<Aspect, Resource>>> = {
  cpu: 'cpu',
  memory: 'memory',
  network: 'network',
  disk: 'disk',
  queue: 'queue',
};

/** The series says "good" when it is high. */
const GOOD_WHEN_HIGH = /availab|success/;
/** About the machine, which a service shares with others: no proof against the service. */
const SHARED = /(?:^|_)(?:node|host|machine)_/;

export function aspectOf(metric: string): Aspect | undefined {
  const name = metric.toLowerCase();
  if (SHARED.test(name)) return undefined;
  const aspect = WORDS.find(([, words]) => words.test(name))?.[0];
  // The count and sum of a duration grow with traffic: neither is a latency.
  return aspect === 'latency' && isCounter(name) ? undefined : aspect;
}

export interface SeriesAnomaly {
  readonly service: string;
  /** set when the series is about calls from `service` to another */
  readonly callee: string;
  readonly instance: string;
  readonly metric: string;
  readonly aspect: Aspect;
  /** distance from usual in units of the usual spread; positive is worse */
  readonly score: number;
  /** level now over usual level */
  readonly ratio: number;
  readonly level: number;
  readonly usual: number;
  readonly onset: number;
}

/** A spread below this share of the level is measuring noise. */
const SPREAD_FLOOR = 0.08;
const MIN_BASELINE = 2;
const MIN_WINDOW = 2;

/** Growth per second of a counter between samples; a drop is a restart. */
function ratesOf(series: SeriesData): { times: number[]; values: number[] } {
  const times: number[] = [];
  const values: number[] = [];
  for (let i = 1; i < series.values.length; i++) {
    const dt = ((series.timestamps[i] ?? 0) - (series.timestamps[i - 1] ?? 0)) / 1000;
    const dv = (series.values[i] ?? 0) - (series.values[i - 1] ?? 0);
    if (dt <= 0 || !(dv >= 0)) continue;
    times.push(series.timestamps[i] ?? 0);
    values.push(dv / dt);
  }
  return { times, values };
}

const isCounter = (metric: string): boolean => /_(?:total|count|sum)$/.test(metric);

/** The edge of the asked window is not trusted: a fault may have begun ten minutes before it, or well inside it. */
const EDGE_MS = 600_000;

function onsetOf(points: { times: number[]; values: number[] }, window: TimeRange, isUp: boolean): number {
  const from = points.times.findIndex((at) => at >= window.from - EDGE_MS);
  if (from < 0) return window.from;
  const change = changePoint(points.values.slice(from));
  const isIt = change !== undefined && change.p < 0.1 && change.direction === (isUp ? 1 : -1);
  return isIt ? (points.times[from + change.index] ?? window.from) : window.from;
}

/**
 * How far the series left its usual range within the window. Usual: the median of the baseline; its spread is the
 * larger interquartile range of the baseline and of all that came before the window, since a short baseline
 * understates it. Level: the third quartile inside the window, so a fault may fill only part of it.
 */
export function seriesAnomaly(
  series: SeriesData,
  window: TimeRange,
  baseline: readonly TimeRange[],
): SeriesAnomaly | undefined {
  const metric = labelValue(series.labels, METRIC_NAME);
  const aspect = aspectOf(metric);
  const client = labelValue(series.labels, 'client');
  const callee = labelValue(series.labels, 'server');
  const service = client && callee ? client : serviceOf(series.labels);
  if (aspect === undefined || service === '') return undefined;
  const points = isCounter(metric)
    ? ratesOf(series)
    : { times: [...series.timestamps], values: [...series.values] };
  const now: number[] = [];
  const usual: number[] = [];
  const earlier: number[] = [];
  points.times.forEach((at, i) => {
    const value = points.values[i];
    if (value === undefined || !Number.isFinite(value)) return;
    if (at >= window.from && at <= window.to) now.push(value);
    else if (at < window.from) earlier.push(value);
    if (baseline.some((r) => at >= r.from && at < r.to)) usual.push(value);
  });
  if (now.length < MIN_WINDOW || usual.length < MIN_BASELINE) return undefined;
  const middle = median(usual) ?? 0;
  const iqr = (v: readonly number[]) => (quantile(v, 0.75) ?? 0) - (quantile(v, 0.25) ?? 0);
  const good = GOOD_WHEN_HIGH.test(metric.toLowerCase());
  const level = quantile(now, good ? 0.25 : 0.75) ?? 0;
  const spread = Math.max(iqr(usual), iqr(earlier), SPREAD_FLOOR * Math.abs(middle), 1e-9);
  const score = (good ? middle - level : level - middle) / spread;
  return {
    service,
    callee: client && callee ? callee : '',
    instance: labelValue(series.labels, 'pod') || labelValue(series.labels, 'instance'),
    metric,
    aspect,
    score,
    ratio: good ? (100 - level + 1) / (100 - middle + 1) : level / Math.max(Math.abs(middle), 1e-9),
    level,
    usual: middle,
    onset: onsetOf(points, window, score > 0 !== good),
  };
}

/** Score of a group of series that tell the same: the mean of the strongest half, so that one odd series is not enough. */
export function groupScore(scores: readonly number[]): number {
  const sorted = [...scores].sort((a, b) => b - a);
  return mean(sorted.slice(0, Math.max(1, Math.ceil(sorted.length / 2))));
}
