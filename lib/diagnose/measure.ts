import { DIGEST_BUCKET_MS, type StatementDigest } from '#lib/model/digest.ts';
import { Sketch } from '#lib/model/sketch.ts';
import { SPAN_BUCKET_MS, type SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { onsetAbove } from './change-point.ts';
import { digestBuckets, spanBuckets } from './evidence.ts';

export interface Measured {
  readonly durations: Sketch;
  readonly calls: number;
  readonly errors: number;
}

/** All calls of some series in some ranges, added up. */
export function measureSpans(series: readonly SpanSeries[], ranges: readonly TimeRange[]): Measured {
  const durations = new Sketch();
  let errors = 0;
  for (const s of series)
    for (const bucket of spanBuckets(s, ranges)) {
      durations.merge(bucket.durations);
      errors += bucket.errors;
    }
  return { durations, calls: durations.count, errors };
}

export interface MeasuredStatement {
  readonly durations: Sketch;
  readonly calls: number;
  readonly rowsSent: number;
  readonly rowsExamined: number;
  readonly lockMs: number;
  readonly callsWithRows: number;
}

export function measureDigest(digest: StatementDigest, ranges: readonly TimeRange[]): MeasuredStatement {
  const durations = new Sketch();
  const sums = { rowsSent: 0, rowsExamined: 0, lockMs: 0, callsWithRows: 0 };
  for (const bucket of digestBuckets(digest, ranges)) {
    durations.merge(bucket.durations);
    sums.rowsSent += bucket.rowsSent;
    sums.rowsExamined += bucket.rowsExamined;
    sums.lockMs += bucket.lockMs;
    sums.callsWithRows += bucket.callsWithRows;
  }
  return { durations, calls: durations.count, ...sums };
}

/** When an operation's bucket medians rose above `limitMs`; looks back beyond the window on purpose. */
export function spanOnset(series: SpanSeries, limitMs: number, window: TimeRange): number | undefined {
  const buckets = series.buckets.filter((b) => b.at < window.to);
  return onsetAbove(
    buckets.map((b) => b.at + SPAN_BUCKET_MS / 2),
    buckets.map((b) => b.durations.quantile(0.5) ?? 0),
    limitMs,
  );
}

export function digestOnset(digest: StatementDigest, limitMs: number, window: TimeRange): number | undefined {
  const buckets = digest.buckets.filter((b) => b.at < window.to);
  return onsetAbove(
    buckets.map((b) => b.at),
    buckets.map((b) => b.durations.sum / Math.max(1, b.durations.count)),
    limitMs,
  );
}

/** Average number of sessions busy with a statement: its total time over the time that passed. */
export const averageLoad = (totalDurationMs: number, window: TimeRange): number =>
  totalDurationMs / Math.max(DIGEST_BUCKET_MS, window.to - window.from);

/** How loudly to say it: by the share of the user's wait and how long that wait is. */
export function severityOf(latencyShare: number, requestMs: number): 'critical' | 'warning' | 'info' {
  if (latencyShare >= 0.5 && requestMs >= 1000) return 'critical';
  return latencyShare >= 0.1 || requestMs >= 200 ? 'warning' : 'info';
}
