import type { Attributes } from '#lib/model/span.ts';

export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'summary' | 'exponential-histogram';

/** AggregationTemporality */
export const DELTA = 1;

/** Bit of a data point's flags: the series has ended here. */
export const NO_RECORDED_VALUE = 1;

/** A data point of any kind; what its kind does not have keeps its default. */
export interface PointParts {
  attributes: Attributes;
  /** ms since the epoch; 0 when it tells none */
  at: number;
  flags: number;
  value: number;
  count: number;
  sum: number | undefined;
  bucketCounts: number[];
  bounds: number[];
  quantiles: { quantile: number; value: number }[];
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
    flags: 0,
    value: 0,
    count: 0,
    sum: undefined,
    bucketCounts: [],
    bounds: [],
    quantiles: [],
  };
}

/** Takes the metrics of one resource, one after another. */
export interface MetricTaker {
  resource(attributes: Attributes): void;
  metric(metric: MetricParts): void;
}
