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
