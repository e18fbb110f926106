/** Runs of filled buckets: `offset` buckets are skipped (from the start, or from the end of the run before), `length` follow. */
export interface BucketSpan {
  readonly offset: number;
  readonly length: number;
}

/** One side of a native histogram: its spans, and the observations of each bucket in them (absolute, not cumulative). */
export interface Buckets {
  readonly spans: readonly BucketSpan[];
  /** As many as the spans' lengths add up to. */
  readonly counts: Float64Array;
}

/** Schema of histograms with custom bucket bounds (Prometheus "NHCB"). */
export const CUSTOM_BUCKETS = -53;

/**
 * A Prometheus native histogram, integer or float (integers up to 2^53 are exact). With schema n between -4 and 8
 * the upper bound of bucket i is 2^(i · 2^-n); with schema -53 the bounds stand in `customValues`.
 */
export interface NativeHistogram {
  readonly schema: number;
  readonly counterReset: 'unknown' | 'reset' | 'not-reset' | 'gauge';
  readonly count: number;
  readonly sum: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
  /** Upper bounds, ascending, without +Inf; empty unless the schema is -53. */
  readonly customValues: Float64Array;
}

export const NO_BUCKETS: Buckets = { spans: [], counts: new Float64Array(0) };
