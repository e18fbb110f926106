import type { Attribute } from '#lib/model/span.ts';
import type { ProtoReader } from '../protobuf/reader.ts';
import { readKeyValue } from './attributes-protobuf.ts';
import type { DenseBuckets, ExemplarParts, MetricKind, PointParts } from './metric-parts.ts';
import { emptyExponential, emptyPoint } from './metric-parts.ts';

/** Start and time of a data point of any kind. */
const START = 0x11;
const TIME = 0x19;

export function readPoint(reader: ProtoReader, kind: MetricKind): PointParts {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  const point: PointParts = { ...emptyPoint(), attributes };
  const read = FIELDS[kind];
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === TIME) point.at = millis(reader);
    else if (tag === START) point.startAt = millis(reader);
    else if (!read(reader, tag, point, attributes)) reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

const millis = (reader: ProtoReader): number => Math.floor(reader.fixed64Micros() / 1000);

/** Reads one field; false when it is not known. */
type FieldReader = (reader: ProtoReader, tag: number, point: PointParts, attributes: Attribute[]) => boolean;

const numberField: FieldReader = (reader, tag, point, attributes) => {
  if (tag === 0x21) point.value = reader.double();
  else if (tag === 0x31) point.value = reader.sfixed64();
  else if (tag === 0x2a) point.exemplars.push(readExemplar(reader));
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
  else if (tag === 0x42) point.exemplars.push(readExemplar(reader));
  else if (tag === 0x4a) attributes.push(readKeyValue(reader));
  else if (tag === 0x50) point.flags = reader.uint32();
  else return false;
  return true;
};

const exponentialField: FieldReader = (reader, tag, point, attributes) => {
  point.exponential ??= emptyExponential();
  const { exponential } = point;
  if (tag === 0x0a) attributes.push(readKeyValue(reader));
  else if (tag === 0x21) point.count = reader.fixed64();
  else if (tag === 0x29) point.sum = reader.double();
  else if (tag === 0x30) exponential.scale = reader.sint64();
  else if (tag === 0x39) exponential.zeroCount = reader.fixed64();
  else if (tag === 0x42) exponential.positive = readBuckets(reader);
  else if (tag === 0x4a) exponential.negative = readBuckets(reader);
  else if (tag === 0x50) point.flags = reader.uint32();
  else if (tag === 0x5a) point.exemplars.push(readExemplar(reader));
  else if (tag === 0x71) exponential.zeroThreshold = reader.double();
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

const FIELDS: Readonly<Record<MetricKind, FieldReader>> = {
  gauge: numberField,
  sum: numberField,
  histogram: histogramField,
  'exponential-histogram': exponentialField,
  summary: summaryField,
};

function readPacked(reader: ProtoReader, into: number[], read: () => number): void {
  const outer = reader.enter();
  while (reader.more()) into.push(read());
  reader.leave(outer);
}

/** ExponentialHistogramDataPoint.Buckets */
function readBuckets(reader: ProtoReader): DenseBuckets {
  const outer = reader.enter();
  const counts: number[] = [];
  let offset = 0;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x08) offset = reader.sint64();
    else if (tag === 0x10) counts.push(reader.uint64());
    else if (tag === 0x12) readPacked(reader, counts, () => reader.uint64());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { offset, counts };
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

function readExemplar(reader: ProtoReader): ExemplarParts {
  const outer = reader.enter();
  const attributes: Attribute[] = [];
  const exemplar: ExemplarParts = { at: 0, value: 0, traceId: '', spanId: '', attributes };
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x11) exemplar.at = millis(reader);
    else if (tag === 0x19) exemplar.value = reader.double();
    else if (tag === 0x22) exemplar.spanId = reader.hex();
    else if (tag === 0x2a) exemplar.traceId = reader.hex();
    else if (tag === 0x31) exemplar.value = reader.sfixed64();
    else if (tag === 0x3a) attributes.push(readKeyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return exemplar;
}
