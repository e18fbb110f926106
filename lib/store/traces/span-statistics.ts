import { Sketch } from '#lib/model/sketch.ts';
import type { Span } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS, type SpanBucket, type SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { peerOf } from './peer.ts';

type Identity = Omit<SpanSeries, 'buckets'>;
interface Entry extends Identity {
  readonly buckets: Map<number, SpanBucket>;
}

export interface SpanFilter {
  readonly service?: string;
  readonly operation?: string;
}

/** Start of the bucket that a span ends in, ms. */
export const spanBucketAt = (span: Span): number =>
  Math.floor((span.startUs + span.durationUs) / 1000 / SPAN_BUCKET_MS) * SPAN_BUCKET_MS;

/** A bucket counts for a range when they overlap. */
export const spanBucketInRange = (at: number, range: TimeRange): boolean =>
  at + SPAN_BUCKET_MS > range.from && at <= range.to;

/** Rates, errors and durations by (service, operation, kind, peer) and bucket; adds up spans and other tables' series. */
export class SpanStatisticsTable {
  private readonly services = new Map<string, Map<string, Entry>>();

  add(span: Span): void {
    const bucket = this.bucket(
      { service: span.resource.service, operation: span.name, kind: span.kind, peer: peerOf(span) },
      spanBucketAt(span),
    );
    bucket.calls++;
    if (span.status === 'error') bucket.errors++;
    bucket.durations.add(span.durationUs / 1000);
  }

  merge(series: SpanSeries, range?: TimeRange): void {
    for (const bucket of series.buckets) {
      if (range !== undefined && !spanBucketInRange(bucket.at, range)) continue;
      addTo(this.bucket(series, bucket.at), bucket);
    }
  }

  /** As `merge`, for series that nobody else holds: their buckets become this table's own. */
  adopt(series: SpanSeries, range: TimeRange): void {
    const { buckets } = this.entry(series);
    for (const bucket of series.buckets) {
      if (!spanBucketInRange(bucket.at, range)) continue;
      const mine = buckets.get(bucket.at);
      if (mine === undefined) buckets.set(bucket.at, bucket);
      else addTo(mine, bucket);
    }
  }

  list(range?: TimeRange, filter: SpanFilter = {}): SpanSeries[] {
    const series: SpanSeries[] = [];
    for (const [service, entries] of this.services) {
      if (filter.service !== undefined && filter.service !== service) continue;
      for (const { operation, kind, peer, buckets } of entries.values()) {
        if (filter.operation !== undefined && filter.operation !== operation) continue;
        const kept = [...buckets.values()]
          .filter((b) => range === undefined || spanBucketInRange(b.at, range))
          .sort((a, b) => a.at - b.at);
        if (kept.length > 0) series.push({ service, operation, kind, peer, buckets: kept });
      }
    }
    return series;
  }

  private entry({ service, operation, kind, peer }: Identity): Entry {
    let entries = this.services.get(service);
    if (entries === undefined) {
      entries = new Map();
      this.services.set(service, entries);
    }
    const key = `${kind}|${peer.length}|${peer}${operation}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { service, operation, kind, peer, buckets: new Map() };
      entries.set(key, entry);
    }
    return entry;
  }

  private bucket(identity: Identity, at: number): SpanBucket {
    const { buckets } = this.entry(identity);
    let bucket = buckets.get(at);
    if (bucket === undefined) {
      bucket = { at, calls: 0, errors: 0, durations: new Sketch() };
      buckets.set(at, bucket);
    }
    return bucket;
  }
}

function addTo(sum: SpanBucket, bucket: SpanBucket): void {
  sum.calls += bucket.calls;
  sum.errors += bucket.errors;
  sum.durations.merge(bucket.durations);
}
