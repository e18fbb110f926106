import { Fault } from '#lib/model/fault.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { isObject, parseJson } from '#lib/model/json.ts';
import { attributesField, enumField, listField, nanosField, objectsField, textField } from './json-fields.ts';
import type {
  DenseBuckets,
  ExemplarParts,
  ExponentialParts,
  MetricKind,
  MetricParts,
  MetricTaker,
  PointParts,
} from './metric-parts.ts';
import { emptyPoint } from './metric-parts.ts';

const KINDS: readonly (readonly [key: string, snake: string, kind: MetricKind])[] = [
  ['gauge', 'gauge', 'gauge'],
  ['sum', 'sum', 'sum'],
  ['histogram', 'histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram', 'exponential-histogram'],
  ['summary', 'summary', 'summary'],
];
const TEMPORALITIES = ['unspecified', 'delta', 'cumulative'];

/** ExportMetricsServiceRequest as proto3 JSON. */
export function readMetricsJson(body: Uint8Array, taker: MetricTaker): void {
  const request = parseJson(body);
  if (!isObject(request))
    throw new Fault(400, 'malformed-otlp', 'the body must be an object with the key resourceMetrics');
  for (const one of objectsField(request.resourceMetrics ?? request.resource_metrics, 'resourceMetrics')) {
    taker.resource(isObject(one.resource) ? attributesField(one.resource.attributes) : []);
    for (const scope of objectsField(one.scopeMetrics ?? one.scope_metrics, 'scopeMetrics')) {
      for (const metric of objectsField(scope.metrics, 'metrics')) taker.metric(metricParts(metric));
    }
  }
}

function metricParts(metric: JsonObject): MetricParts {
  const parts: MetricParts = {
    name: textField(metric.name),
    description: textField(metric.description),
    unit: textField(metric.unit),
    kind: undefined,
    temporality: 0,
    isMonotonic: false,
    points: [],
  };
  for (const [key, snake, kind] of KINDS) {
    const data = metric[key] ?? metric[snake];
    if (!isObject(data)) continue;
    parts.kind = kind;
    parts.temporality = enumField(
      data.aggregationTemporality ?? data.aggregation_temporality,
      'aggregation_temporality_',
      TEMPORALITIES,
    );
    parts.isMonotonic = (data.isMonotonic ?? data.is_monotonic) === true;
    parts.points = objectsField(data.dataPoints ?? data.data_points, 'dataPoints').map((point) =>
      pointParts(point, kind),
    );
  }
  return parts;
}

function pointParts(point: JsonObject, kind: MetricKind): PointParts {
  const sum = point.sum;
  return {
    ...emptyPoint(),
    attributes: attributesField(point.attributes),
    at: millisField(point.timeUnixNano ?? point.time_unix_nano),
    startAt: millisField(point.startTimeUnixNano ?? point.start_time_unix_nano),
    flags: numberField(point.flags),
    value: numberField(point.asDouble ?? point.as_double ?? point.asInt ?? point.as_int),
    count: numberField(point.count),
    sum: sum === undefined || sum === null ? undefined : numberField(sum),
    bucketCounts: listField(point.bucketCounts ?? point.bucket_counts, 'bucketCounts').map(numberField),
    bounds: listField(point.explicitBounds ?? point.explicit_bounds, 'explicitBounds').map(numberField),
    quantiles: objectsField(point.quantileValues ?? point.quantile_values, 'quantileValues').map((one) => ({
      quantile: numberField(one.quantile),
      value: numberField(one.value),
    })),
    exponential: kind === 'exponential-histogram' ? exponentialParts(point) : undefined,
    exemplars: objectsField(point.exemplars, 'exemplars').map(exemplarParts),
  };
}

function exponentialParts(point: JsonObject): ExponentialParts {
  return {
    scale: numberField(point.scale),
    zeroCount: numberField(point.zeroCount ?? point.zero_count),
    zeroThreshold: numberField(point.zeroThreshold ?? point.zero_threshold),
    positive: bucketsField(point.positive),
    negative: bucketsField(point.negative),
  };
}

function bucketsField(value: unknown): DenseBuckets {
  if (!isObject(value)) return { offset: 0, counts: [] };
  return {
    offset: numberField(value.offset),
    counts: listField(value.bucketCounts ?? value.bucket_counts, 'bucketCounts').map(numberField),
  };
}

function exemplarParts(exemplar: JsonObject): ExemplarParts {
  return {
    at: millisField(exemplar.timeUnixNano ?? exemplar.time_unix_nano),
    value: numberField(exemplar.asDouble ?? exemplar.as_double ?? exemplar.asInt ?? exemplar.as_int),
    traceId: textField(exemplar.traceId ?? exemplar.trace_id).toLowerCase(),
    spanId: textField(exemplar.spanId ?? exemplar.span_id).toLowerCase(),
    attributes: attributesField(exemplar.filteredAttributes ?? exemplar.filtered_attributes),
  };
}

function millisField(value: unknown): number {
  const [micros] = nanosField(value);
  return Math.floor(micros / 1000);
}

/** Numbers of proto3 JSON may be text: 64-bit integers, NaN, Infinity. */
function numberField(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}
