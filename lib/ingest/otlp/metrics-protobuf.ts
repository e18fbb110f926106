import type { Attribute } from '#lib/model/span.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import { readKeyValue } from './attributes-protobuf.ts';
import type { MetricKind, MetricParts, MetricTaker, PointParts } from './metric-parts.ts';
import { emptyPoint } from './metric-parts.ts';

/** Metric.gauge, .sum, .histogram, .exponential_histogram, .summary */
const KINDS: ReadonlyMap<number, MetricKind> = new Map([
  [0x2a, 'gauge'],
  [0x3a, 'sum'],
  [0x4a, 'histogram'],
  [0x52, 'exponential-histogram'],
  [0x5a, 'summary'],
]);

/** opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest */
export function readMetrics(body: Uint8Array, taker: MetricTaker): void {
  const reader = new ProtoReader(body);
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x0a) readResourceMetrics(reader, taker);
    else reader.skip(tag);
  }
}

function readResourceMetrics(reader: ProtoReader, taker: MetricTaker): void {
  const outer = reader.enter();
  const start = reader.pos;
  const attributes: Attribute[] = [];
  // The resource may stand behind its metrics.
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x0a) readAttributes(reader, 0x0a, attributes);
    else reader.skip(tag);
  }
  taker.resource(attributes);
  reader.pos = start;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x12) readScopeMetrics(reader, taker);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readAttributes(reader: ProtoReader, field: number, attributes: Attribute[]): void {
  const outer = reader.enter();
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === field) attributes.push(readKeyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readScopeMetrics(reader: ProtoReader, taker: MetricTaker): void {
  const outer = reader.enter();
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x12) taker.metric(readMetric(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readMetric(reader: ProtoReader): MetricParts {
  const outer = reader.enter();
  const metric: MetricParts = {
    name: '',
    description: '',
    unit: '',
    kind: undefined,
    temporality: 0,
    isMonotonic: false,
    points: [],
  };
  while (reader.more()) {
    const tag = reader.tag();
    const kind = KINDS.get(tag);
    if (kind !== undefined) readData(reader, kind, metric);
    else if (tag === 0x0a) metric.name = reader.string();
    else if (tag === 0x12) metric.description = reader.string();
    else if (tag === 0x1a) metric.unit = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return metric;
}

/** Gauge, Sum, Histogram, Summary: they number their fields alike. */
function readData(reader: ProtoReader, kind: MetricKind, metric: MetricParts): void {
  metric.kind = kind;
  const outer = reader.enter();
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x0a) metric.points.push(readPoint(reader, kind));
    else if (tag === 0x10) metric.temporality = reader.uint32();
    else if (tag === 0x18) metric.isMonotonic = reader.bool();
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readPoint(reader: ProtoReader, kind: MetricKind): PointParts {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  const point: PointParts = { ...emptyPoint(), attributes };
  const read = kind === 'histogram' ? histogramField : kind === 'summary' ? summaryField : numberField;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x19) point.at = Math.floor(reader.fixed64Micros() / 1000);
    else if (!read(reader, tag, point, attributes)) reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

/** Reads one field; false when it is not known. */
type FieldReader = (reader: ProtoReader, tag: number, point: PointParts, attributes: Attribute[]) => boolean;

const numberField: FieldReader = (reader, tag, point, attributes) => {
  if (tag === 0x21) point.value = reader.double();
  else if (tag === 0x31) point.value = reader.sfixed64();
  else if (tag === 0x3a) attributes.push(readKeyValue(reader));
  else if (tag === 0x40) point.flags = reader.uint32();
  else return false;
  return true;
};

const histogramField: FieldReader = (reader, tag, point, attributes) => {
  if (tag === 0x21) point.count = reader.fixed64();
  else if (tag === 0x29) point.sum = reader.double();
  else if (tag === 0x31) point.bucketCounts.push(reader.fixed64());
  else if (tag === 0x32) readPacked(reader, point.bucketCounts, () => reader.fixed64());
  else if (tag === 0x39) point.bounds.push(reader.double());
  else if (tag === 0x3a) readPacked(reader, point.bounds, () => reader.double());
  else if (tag === 0x4a) attributes.push(readKeyValue(reader));
  else if (tag === 0x50) point.flags = reader.uint32();
  else return false;
  return true;
};

const summaryField: FieldReader = (reader, tag, point, attributes) => {
  if (tag === 0x21) point.count = reader.fixed64();
  else if (tag === 0x29) point.sum = reader.double();
  else if (tag === 0x32) point.quantiles.push(readQuantile(reader));
  else if (tag === 0x3a) attributes.push(readKeyValue(reader));
  else if (tag === 0x40) point.flags = reader.uint32();
  else return false;
  return true;
};

function readPacked(reader: ProtoReader, into: number[], read: () => number): void {
  const outer = reader.enter();
  while (reader.more()) into.push(read());
  reader.leave(outer);
}

function readQuantile(reader: ProtoReader): { quantile: number; value: number } {
  const outer = reader.enter();
  let quantile = 0;
  let value = 0;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x09) quantile = reader.double();
    else if (tag === 0x11) value = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { quantile, value };
}
