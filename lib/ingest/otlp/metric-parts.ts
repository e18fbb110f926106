import type { Attributes } from '#lib/model/span.ts';

export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'summary' | 'exponential-histogram';

/** AggregationTemporality */
export const DELTA = 1;

/** Bit of a data point's flags: the series has ended here. */
export const NO_RECORDED_VALUE = 1;

/** Buckets of an exponential histogram that stand side by side: (base^(offset + i), base^(offset + i + 1)] */
export interface DenseBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialParts {
  /** base = 2^(2^-scale) */
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: DenseBuckets;
  negative: DenseBuckets;
}

export interface ExemplarParts {
  /** ms since the epoch */
  at: number;
  value: number;
  /** hexadecimal; `''` when there is none */
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A data point of any kind; what its kind does not have keeps its default. */
export interface PointParts {
  attributes: Attributes;
  /** ms since the epoch; 0 when it tells none */
  at: number;
  /** ms since the epoch; 0 when it tells none */
  startAt: number;
  flags: number;
  value: number;
  count: number;
  sum: number | undefined;
  bucketCounts: number[];
  bounds: number[];
  quantiles: { quantile: number; value: number }[];
  exponential: ExponentialParts | undefined;
  exemplars: ExemplarParts[];
}

/** A metric of OTLP as it came. */
export interface MetricParts {
  name: string;
  description: string;
  unit: string;
  kind: MetricKind | undefined;
  temporality: number;
  isMonotonic: boolean;
  points: PointParts[];
}

export function emptyPoint(): PointParts {
  return {
    attributes: [],
    at: 0,
    startAt: 0,
    flags: 0,
    value: 0,
    count: 0,
    sum: undefined,
    bucketCounts: [],
    bounds: [],
    quantiles: [],
    exponential: undefined,
    exemplars: [],
  };
}

export function emptyExponential(): ExponentialParts {
  const none = { offset: 0, counts: [] };
  return { scale: 0, zeroCount: 0, zeroThreshold: 0, positive: none, negative: none };
}

/** Takes the metrics of one resource, one after another. */
export interface MetricTaker {
  resource(attributes: Attributes): void;
  metric(metric: MetricParts): void;
}
