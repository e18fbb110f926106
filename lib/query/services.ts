import type { Finding } from '#lib/model/finding.ts';
import { labelValue } from '#lib/model/labels.ts';
import { Sketch } from '#lib/model/sketch.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { SliceOfTime } from '#lib/store/slice-of-time.ts';
import type { Store } from '#lib/store/store.ts';
import { bucketQuantile, increase, sumBuckets } from './signals/counters.ts';
import { readSignals, type SignalSeries } from './signals/read.ts';
import { SATURATION_ROLES, type Saturation, saturationOf } from './signals/saturation.ts';

export type Health = 'ok' | 'degraded' | 'down' | 'unknown';

export interface ServiceSummary {
  readonly service: string;
  /** Where calls and latencies come from. */
  readonly source: 'spans' | 'metrics' | 'none';
  readonly calls: number;
  /** Calls a second, over the part of the range in which there is data. */
  readonly rate: number;
  /** 0…1; undefined without calls. */
  readonly errorRatio?: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  /** The fullest resource of the service's fullest instance. */
  readonly saturation?: Saturation;
  readonly health: Health;
  readonly openFindings: number;
}

/** Below this many calls an error ratio says nothing about health. */
const MIN_CALLS_FOR_HEALTH = 10;
const DEGRADED_ERROR_RATIO = 0.05;
const DOWN_ERROR_RATIO = 0.5;
const FULL = 0.95;

type Traffic = Pick<ServiceSummary, 'source' | 'calls' | 'rate' | 'errorRatio' | 'p50Ms' | 'p95Ms' | 'p99Ms'>;
const NO_TRAFFIC: Traffic = { source: 'none', calls: 0, rate: 0 };

/** The spans that stand for work a service was asked to do: what it served or consumed, else spans without a kind. */
function entrySeries(series: readonly SpanSeries[]): readonly SpanSeries[] {
  const served = series.filter((s) => s.kind === 'server' || s.kind === 'consumer');
  return served.length > 0 ? served : series.filter((s) => s.kind === 'unspecified');
}

function trafficFromSpans(series: readonly SpanSeries[], seconds: number): Traffic {
  const durations = new Sketch();
  let errors = 0;
  for (const s of entrySeries(series)) {
    for (const bucket of s.buckets) {
      durations.merge(bucket.durations);
      errors += bucket.errors;
    }
  }
  const calls = durations.count;
  if (calls === 0) return NO_TRAFFIC;
  return {
    source: 'spans',
    calls,
    rate: calls / seconds,
    errorRatio: errors / calls,
    p50Ms: durations.quantile(0.5),
    p95Ms: durations.quantile(0.95),
    p99Ms: durations.quantile(0.99),
  };
}

/** Status label of HTTP histograms under the names of OpenTelemetry, prom-client users and Micrometer. */
const statusOf = (s: SignalSeries): string =>
  labelValue(s.labels, 'http_response_status_code') ||
  labelValue(s.labels, 'http_status_code') ||
  labelValue(s.labels, 'status_code') ||
  labelValue(s.labels, 'status') ||
  labelValue(s.labels, 'code');

function trafficFromMetrics(series: readonly SignalSeries[], range: TimeRange): Traffic {
  const counts = series.filter((s) => s.role === 'http.server.duration_count');
  let calls = 0;
  let errors = 0;
  let first = range.to;
  for (const s of counts) {
    const n = increase(s, range);
    calls += n;
    if (statusOf(s).startsWith('5')) errors += n;
    first = Math.min(first, s.timestamps[0] ?? range.to);
  }
  if (calls === 0) return NO_TRAFFIC;
  const buckets = sumBuckets(
    series.filter((s) => s.role === 'http.server.duration_bucket'),
    range,
  );
  const quantile = (q: number) => {
    const seconds = bucketQuantile(q, buckets);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  return {
    source: 'metrics',
    calls: Math.round(calls),
    rate: calls / Math.max(1, (range.to - Math.max(range.from, first)) / 1000),
    errorRatio: errors / calls,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}

function healthOf(
  traffic: Traffic,
  signals: readonly SignalSeries[],
  findings: readonly Finding[],
  saturation: Saturation | undefined,
): Health {
  const targets = signals.filter((s) => s.role === 'target.up');
  const allDown = targets.length > 0 && targets.every((s) => s.values.at(-1) === 0);
  const errorRatio = traffic.calls >= MIN_CALLS_FOR_HEALTH ? (traffic.errorRatio ?? 0) : 0;
  if (allDown || errorRatio >= DOWN_ERROR_RATIO) return 'down';
  if (findings.some((f) => f.severity !== 'info') || errorRatio >= DEGRADED_ERROR_RATIO) return 'degraded';
  if (saturation !== undefined && saturation.value >= FULL) return 'degraded';
  if (traffic.calls === 0 && targets.length === 0) return 'unknown';
  return 'ok';
}

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

/**
 * Every service seen in the range, by name: from server and consumer spans, or from HTTP server histograms where a
 * service has no traces.
 */
export async function services(store: Store, range: TimeRange): Promise<ServiceSummary[]> {
  const [spans, signals, findings] = await Promise.all([
    store.traces.spanSeries(range),
    readSignals(
      store.metrics,
      [...SATURATION_ROLES, 'http.server.duration_bucket', 'http.server.duration_count', 'target.up'],
      range,
    ),
    store.findings.list({ state: 'open' }),
  ]);
  let firstSpan = range.to;
  for (const s of spans) firstSpan = Math.min(firstSpan, s.buckets[0]?.at ?? range.to);
  const seconds = Math.max(1, (range.to - Math.max(range.from, firstSpan)) / 1000);
  const spansOf = groupBy(spans, (s) => s.service);
  const signalsOf = groupBy(signals, (s) => s.service);
  const findingsOf = groupBy(findings, (f) => f.subject.service ?? '');
  const names = new Set([...spansOf.keys(), ...signalsOf.keys()]);
  names.delete('');
  const summaries: ServiceSummary[] = [];
  const slice = new SliceOfTime();
  for (const service of [...names].sort()) {
    if (slice.over()) await slice.next();
    const own = signalsOf.get(service) ?? [];
    const open = findingsOf.get(service) ?? [];
    const fromSpans = trafficFromSpans(spansOf.get(service) ?? [], seconds);
    const traffic = fromSpans.calls > 0 ? fromSpans : trafficFromMetrics(own, range);
    const saturation = saturationOf(own, range);
    summaries.push({
      service,
      ...traffic,
      ...(saturation ? { saturation } : {}),
      health: healthOf(traffic, own, open, saturation),
      openFindings: open.length,
    });
  }
  return summaries;
}
