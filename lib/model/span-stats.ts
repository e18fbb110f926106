import type { Sketch } from './sketch.ts';
import type { SpanKind } from './span.ts';

/** Width of a span-statistics bucket, ms. */
export const SPAN_BUCKET_MS = 10_000;

/** Requests of one kind in one bucket of span end time; additive. */
export interface SpanBucket {
  /** start of the bucket, ms since the epoch, a multiple of SPAN_BUCKET_MS */
  readonly at: number;
  calls: number;
  errors: number;
  /** durations in ms */
  readonly durations: Sketch;
}

/** Rate, errors and durations of one operation as seen on one side. */
export interface SpanSeries {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  /** For client and producer spans whom they call (`peer.service`, else database, messaging system or `server.address`); `''` otherwise. */
  readonly peer: string;
  /** ascending by time; a bucket without calls is absent */
  readonly buckets: readonly SpanBucket[];
}
