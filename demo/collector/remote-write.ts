/** Encodes remote_write 1.0 (prometheus/prompb/remote.proto: WriteRequest, TimeSeries, Label, Sample, MetricMetadata). */
import { compressSync } from 'snappy';
import type { TextMetadata } from './exposition.ts';

export interface WireSample {
  /** With `__name__`; any order. */
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
  /** ms since the epoch */
  readonly at: number;
}

const METRIC_TYPES = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
  return Buffer.from(bytes);
}

const tag = (field: number, wireType: number): Buffer => varint((field << 3) | wireType);
const bytesField = (field: number, content: Buffer): Buffer =>
  Buffer.concat([tag(field, 2), varint(content.length), content]);
const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));

function sampleField(value: number, at: number): Buffer {
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  return bytesField(2, Buffer.concat([tag(1, 1), double, tag(2, 0), varint(at)]));
}

function series({ labels, value, at }: WireSample): Buffer {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const fields = sorted.map(([name, text]) =>
    bytesField(1, Buffer.concat([textField(1, name), textField(2, text)])),
  );
  return bytesField(1, Buffer.concat([...fields, sampleField(value, at)]));
}

function metadatum({ name, type, help }: TextMetadata): Buffer {
  const number = Math.max(0, METRIC_TYPES.indexOf(type));
  return bytesField(3, Buffer.concat([tag(1, 0), varint(number), textField(2, name), textField(4, help)]));
}

/** @returns the snappy-compressed body of `POST /api/v1/write` */
export function encodeWriteRequest(
  samples: readonly WireSample[],
  metadata: readonly TextMetadata[] = [],
): Uint8Array {
  return compressSync(Buffer.concat([...samples.map(series), ...metadata.map(metadatum)]));
}
