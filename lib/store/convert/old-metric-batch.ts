import { type Label, type Labels, labelsKey } from '#lib/model/labels.ts';
import { METRIC_TYPES, type MetricMetadata } from '#lib/model/metrics.ts';
import { ByteReader } from '../codec/bytes.ts';

/** First byte of such a row. */
export const OLD_VERSION = 1;

/** Metrics in the log of versions before groups. Samples in columns as in `MetricBatch`, with series by id; `defined` names those that no durable row has named yet. */
export interface OldMetrics {
  /** series ids */
  readonly ids: Float64Array;
  readonly offsets: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly defined: readonly { readonly id: number; readonly labels: Labels; readonly key: string }[];
  readonly metadata: readonly MetricMetadata[];
}

const columnFrom = (bytes: Uint8Array): Float64Array<ArrayBuffer> => {
  const column = new Float64Array(bytes.length / 8);
  // Bytes, not numbers: a NaN's payload must survive.
  new Uint8Array(column.buffer).set(bytes);
  return column;
};

export function decodeOldMetrics(bytes: Uint8Array): OldMetrics {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== OLD_VERSION) throw new RangeError(`metrics row of version ${version}`);
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
