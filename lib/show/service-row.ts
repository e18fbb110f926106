import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { callBuckets, entrySeries, errorRatios, quantiles, rates, totalsPerStep } from './span-panels.ts';
import { stepsForTraffic } from './steps.ts';

export type Health = 'ok' | 'degraded' | 'down' | 'unknown';

/** What is known of a service over a range; undefined where nothing tells. */
export interface ServiceNumbers {
  readonly service: string;
  readonly health: Health;
  /** Where calls and latencies come from. */
  readonly source: 'spans' | 'metrics' | 'none';
  /** calls per second */
  readonly rate: number;
  /** 0…1 */
  readonly errorRatio?: number | undefined;
  readonly p50Ms?: number | undefined;
  readonly p95Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** The fullest resource, 0 idle … 1 full. */
  readonly saturation?: { readonly label: string; readonly value: number } | undefined;
  readonly openFindings: number;
}

type Spark = readonly (number | null)[];

export interface ServiceRow extends ServiceNumbers {
  /** Small lines over the range; empty where there are no traces. */
  readonly sparks: { readonly rate: Spark; readonly errors: Spark; readonly p95: Spark };
}

const SPARK_POINTS = 40;
const NO_SPARKS = { rate: [], errors: [], p95: [] };
const BY_HEALTH: Record<Health, number> = { down: 0, degraded: 1, ok: 2, unknown: 3 };

/** Services with their small lines: what is worst first, then the busiest. */
export function serviceRows(
  services: readonly ServiceNumbers[],
  spans: readonly SpanSeries[],
  range: TimeRange,
): ServiceRow[] {
  const byService = new Map<string, SpanSeries[]>();
  for (const series of spans) {
    const same = byService.get(series.service);
    if (same) same.push(series);
    else byService.set(series.service, [series]);
  }
  return services
    .map((numbers) => ({ ...numbers, sparks: sparksOf(byService.get(numbers.service) ?? [], range) }))
    .toSorted((a, b) => BY_HEALTH[a.health] - BY_HEALTH[b.health] || b.rate - a.rate);
}

function sparksOf(series: readonly SpanSeries[], range: TimeRange): ServiceRow['sparks'] {
  const entries = entrySeries(series);
  if (entries.length === 0) return NO_SPARKS;
  const totals = totalsPerStep(entries, stepsForTraffic(range, callBuckets(entries), SPARK_POINTS));
  return { rate: rates(totals), errors: errorRatios(totals), p95: quantiles(totals, 0.95) };
}
