import type { Attribute } from '#lib/model/span.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import { readKeyValue } from './attributes-protobuf.ts';
import type { MetricKind, MetricParts, MetricTaker } from './metric-parts.ts';
import { readPoint } from './points-protobuf.ts';

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
