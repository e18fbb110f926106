import { type Label, type Labels, labelsKey } from '#lib/model/labels.ts';
import { METRIC_TYPES, type MetricMetadata } from '#lib/model/metrics.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

const VERSION = 1;

/** Samples in columns as in `MetricBatch`, with series by id; `defined` names those that no durable row has named yet. */
export interface StoredMetrics {
  /** series ids */
  readonly ids: Float64Array;
  readonly offsets: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly defined: readonly { readonly id: number; readonly labels: Labels; readonly key: string }[];
  readonly metadata: readonly MetricMetadata[];
}

const bytesOf = (column: Float64Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

const columnFrom = (bytes: Uint8Array): Float64Array<ArrayBuffer> => {
  const column = new Float64Array(bytes.length / 8);
  // Bytes, not numbers: a NaN's payload must survive.
  new Uint8Array(column.buffer).set(bytes);
  return column;
};

export function encodeMetrics(batch: StoredMetrics): Uint8Array<ArrayBuffer> {
  const count = batch.timestamps.length;
  const out = new ByteWriter(64 + batch.ids.length * 10 + count * 10);
  out.byte(VERSION);
  out.varint(batch.defined.length);
  for (const { id, labels } of batch.defined) {
    out.varint(id);
    out.varint(labels.length);
    for (const [name, value] of labels) {
      out.text(name);
      out.text(value);
    }
  }
  out.varint(batch.metadata.length);
  for (const m of batch.metadata) {
    out.newText(m.name);
    out.byte(METRIC_TYPES.indexOf(m.type));
    out.newText(m.help);
    out.newText(m.unit);
  }
  out.varint(batch.ids.length);
  out.raw(bytesOf(batch.ids));
  for (let i = 0; i < batch.ids.length; i++)
    out.varint((batch.offsets[i + 1] ?? 0) - (batch.offsets[i] ?? 0));
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const at = batch.timestamps[i] ?? 0;
    out.number(at - previous);
    previous = at;
  }
  out.raw(bytesOf(batch.values));
  return out.finish();
}

export function decodeMetrics(bytes: Uint8Array): StoredMetrics {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`metrics row of version ${version}`);
  const defined = Array.from({ length: input.count() }, () => {
    const id = input.varint();
    const labels: Label[] = [];
    for (let n = input.count(); n > 0; n--) labels.push([input.text(), input.text()]);
    return { id, labels, key: labelsKey(labels) };
  });
  const metadata = Array.from({ length: input.count() }, () => ({
    name: input.newText(),
    type: METRIC_TYPES[input.byte()] ?? 'unknown',
    help: input.newText(),
    unit: input.newText(),
  }));
  const seriesCount = input.count();
  const ids = columnFrom(input.raw(seriesCount * 8));
  const offsets = new Uint32Array(seriesCount + 1);
  for (let i = 0; i < seriesCount; i++) offsets[i + 1] = (offsets[i] ?? 0) + input.varint();
  const count = offsets[seriesCount] ?? 0;
  if (count > bytes.length) throw new RangeError(`${count} samples cannot be in ${bytes.length} bytes`);
  const timestamps = new Float64Array(count);
  let previous = 0;
  for (let i = 0; i < count; i++) {
    previous += input.number();
    timestamps[i] = previous;
  }
  return { ids, offsets, timestamps, values: columnFrom(input.raw(count * 8)), defined, metadata };
}
