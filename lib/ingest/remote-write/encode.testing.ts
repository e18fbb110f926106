import type { Label } from '#lib/model/labels.ts';
import { ProtoWriter } from '../protobuf/writer.ts';

/** A small remote_write sender for tests. */
export interface TestSeries {
  readonly labels: readonly Label[];
  readonly samples: readonly (readonly [timestamp: number, value: number])[];
}

export const label = ([name, value]: Label) => new ProtoWriter().string(1, name).string(2, value);

/** As Go writes it: zero values are left out. */
export function sample([timestamp, value]: readonly [number, number]): ProtoWriter {
  const writer = new ProtoWriter();
  if (!Object.is(value, 0)) writer.double(1, value);
  if (timestamp !== 0) writer.int(2, timestamp);
  return writer;
}

export function timeSeries({ labels, samples }: TestSeries): ProtoWriter {
  const writer = new ProtoWriter();
  for (const one of labels) writer.message(1, label(one));
  for (const one of samples) writer.message(2, sample(one));
  return writer;
}

export function body(...series: TestSeries[]): Buffer {
  const writer = new ProtoWriter();
  for (const one of series) writer.message(1, timeSeries(one));
  return writer.finish();
}

/** Fields of a native histogram as they stand on the wire; integer unless `float` says otherwise. */
export interface TestHistogram {
  readonly schema?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly positive?: readonly (readonly [offset: number, length: number])[];
  readonly positiveCounts?: readonly number[];
  readonly negative?: readonly (readonly [offset: number, length: number])[];
  readonly negativeCounts?: readonly number[];
  readonly customValues?: readonly number[];
  readonly hint?: number;
  readonly timestamp?: number;
  readonly float?: boolean;
  /** Repeated numbers one field each, as encoders of proto2 write them. */
  readonly unpacked?: boolean;
}

export const zigzag = (value: number): bigint => (BigInt(value) << 1n) ^ (BigInt(value) >> 63n);

export function histogram(h: TestHistogram): ProtoWriter {
  const writer = new ProtoWriter();
  const isFloat = h.float === true;
  const one = (field: number, value: number) =>
    isFloat ? writer.double(field + 1, value) : writer.int(field, value);
  const counts = (field: number, list: readonly number[] = []) => {
    const deltas = list.map((count, i) => zigzag(count - (list[i - 1] ?? 0)));
    if (h.unpacked) {
      for (const count of isFloat ? list : []) writer.double(field + 1, count);
      for (const delta of isFloat ? [] : deltas) writer.int(field, delta);
    } else if (isFloat) writer.doubles(field + 1, list);
    else writer.varints(field, deltas);
  };
  const spans = (field: number, list: TestHistogram['positive'] = []) => {
    for (const [offset, length] of list)
      writer.message(field, new ProtoWriter().int(1, zigzag(offset)).int(2, length));
  };
  one(1, h.count ?? 0);
  writer.double(3, h.sum ?? 0).int(4, zigzag(h.schema ?? 0));
  if (h.zeroThreshold !== undefined) writer.double(5, h.zeroThreshold);
  if (h.zeroCount !== undefined) one(6, h.zeroCount);
  spans(8, h.negative);
  counts(9, h.negativeCounts);
  spans(11, h.positive);
  counts(12, h.positiveCounts);
  if (h.hint !== undefined) writer.int(14, h.hint);
  writer.int(15, h.timestamp ?? 1);
  if (h.customValues !== undefined) writer.doubles(16, h.customValues);
  return writer;
}

export function exemplar(labels: readonly Label[], value: number, timestamp: number): ProtoWriter {
  const writer = new ProtoWriter();
  for (const one of labels) writer.message(1, label(one));
  return writer.double(2, value).int(3, timestamp);
}
