import { Fault } from '#lib/model/fault.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { isObject, parseJson } from '#lib/model/json.ts';
import { attributesField, enumField, listField, nanosField, objectsField, textField } from './json-fields.ts';
import type { MetricKind, MetricParts, MetricTaker, PointParts } from './metric-parts.ts';
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
    parts.points = objectsField(data.dataPoints ?? data.data_points, 'dataPoints').map(pointParts);
  }
  return parts;
}

function pointParts(point: JsonObject): PointParts {
  const [micros] = nanosField(point.timeUnixNano ?? point.time_unix_nano);
  const sum = point.sum;
  return {
    ...emptyPoint(),
    attributes: attributesField(point.attributes),
    at: Math.floor(micros / 1000),
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
  };
}

/** Numbers of proto3 JSON may be text: 64-bit integers, NaN, Infinity. */
function numberField(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}
