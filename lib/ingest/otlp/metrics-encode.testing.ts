import { ProtoWriter } from '../protobuf/writer.ts';

/** One description of OTLP metrics, as proto3 JSON has it, for both encodings. */
export interface TestAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
export interface TestBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}
export interface TestExemplar {
  readonly timeUnixNano?: string;
  readonly asDouble: number;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly filteredAttributes?: readonly TestAttribute[];
}
export interface TestPoint {
  readonly attributes?: readonly TestAttribute[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly flags?: number;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: number;
  readonly zeroThreshold?: number;
  readonly positive?: TestBuckets;
  readonly negative?: TestBuckets;
  readonly exemplars?: readonly TestExemplar[];
}
export interface TestData {
  readonly aggregationTemporality: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly TestPoint[];
}
export interface TestMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: TestData;
  readonly histogram?: TestData;
  readonly exponentialHistogram?: TestData;
}

export const attribute = (key: string, stringValue: string): TestAttribute => ({
  key,
  value: { stringValue },
});

export const RESOURCE = [attribute('service.name', 'cart'), attribute('service.instance.id', 'cart-0')];

export function metricsJson(metrics: readonly TestMetric[]): Buffer {
  const request = { resourceMetrics: [{ resource: { attributes: RESOURCE }, scopeMetrics: [{ metrics }] }] };
  return Buffer.from(JSON.stringify(request));
}

export function metricsProtobuf(metrics: readonly TestMetric[]): Buffer {
  const scope = new ProtoWriter();
  for (const { name, unit = '', sum, histogram, exponentialHistogram } of metrics) {
    const metric = new ProtoWriter().string(1, name).string(3, unit);
    if (sum) metric.message(7, data(sum, numberPoint));
    if (histogram) metric.message(9, data(histogram, histogramPoint));
    if (exponentialHistogram) metric.message(10, data(exponentialHistogram, exponentialPoint));
    scope.message(2, metric);
  }
  const resource = attributes(new ProtoWriter(), 1, RESOURCE);
  return new ProtoWriter().message(1, new ProtoWriter().message(1, resource).message(2, scope)).finish();
}

function data(
  { aggregationTemporality, isMonotonic, dataPoints }: TestData,
  write: (p: TestPoint) => ProtoWriter,
) {
  const writer = new ProtoWriter().int(2, aggregationTemporality);
  if (isMonotonic) writer.int(3, 1);
  for (const point of dataPoints) writer.message(1, times(point, write(point)));
  return writer;
}

function times({ startTimeUnixNano, timeUnixNano }: TestPoint, writer: ProtoWriter): ProtoWriter {
  if (startTimeUnixNano) writer.fixed64(2, BigInt(startTimeUnixNano));
  return writer.fixed64(3, BigInt(timeUnixNano));
}

function numberPoint(point: TestPoint): ProtoWriter {
  const writer = attributes(new ProtoWriter(), 7, point.attributes).double(4, point.asDouble ?? 0);
  return exemplars(writer.int(8, point.flags ?? 0), 5, point.exemplars);
}

function histogramPoint(point: TestPoint): ProtoWriter {
  const writer = attributes(new ProtoWriter(), 9, point.attributes)
    .fixed64(4, BigInt(point.count ?? 0))
    .int(10, point.flags ?? 0)
    .doubles(7, point.explicitBounds ?? [])
    .bytes(6, Buffer.from(BigUint64Array.from((point.bucketCounts ?? []).map(BigInt)).buffer));
  if (point.sum !== undefined) writer.double(5, point.sum);
  return exemplars(writer, 8, point.exemplars);
}

function exponentialPoint(point: TestPoint): ProtoWriter {
  const zigzag = (n: number) => (BigInt(n) << 1n) ^ (BigInt(n) >> 63n);
  const buckets = ({ offset, bucketCounts }: TestBuckets) =>
    new ProtoWriter().int(1, zigzag(offset)).varints(2, bucketCounts);
  const writer = attributes(new ProtoWriter(), 1, point.attributes)
    .fixed64(4, BigInt(point.count ?? 0))
    .int(6, zigzag(point.scale ?? 0))
    .fixed64(7, BigInt(point.zeroCount ?? 0))
    .int(10, point.flags ?? 0)
    .double(14, point.zeroThreshold ?? 0);
  if (point.sum !== undefined) writer.double(5, point.sum);
  if (point.positive) writer.message(8, buckets(point.positive));
  if (point.negative) writer.message(9, buckets(point.negative));
  return exemplars(writer, 11, point.exemplars);
}

function exemplars(writer: ProtoWriter, field: number, list: readonly TestExemplar[] = []): ProtoWriter {
  for (const { timeUnixNano = '0', asDouble, traceId = '', spanId = '', filteredAttributes } of list) {
    const one = new ProtoWriter()
      .fixed64(2, BigInt(timeUnixNano))
      .double(3, asDouble)
      .bytes(4, Buffer.from(spanId, 'hex'))
      .bytes(5, Buffer.from(traceId, 'hex'));
    writer.message(field, attributes(one, 7, filteredAttributes));
  }
  return writer;
}

function attributes(writer: ProtoWriter, field: number, list: readonly TestAttribute[] = []): ProtoWriter {
  for (const { key, value } of list)
    writer.message(
      field,
      new ProtoWriter().string(1, key).message(2, new ProtoWriter().string(1, value.stringValue)),
    );
  return writer;
}
