import { METRIC_TYPES } from '#lib/model/metrics.ts';
import { ByteWriter } from '../codec/bytes.ts';
import { OLD_VERSION, type OldMetrics } from './old-metric-batch.ts';

const bytesOf = (column: Float64Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

export function encodeOldMetrics(batch: OldMetrics): Uint8Array<ArrayBuffer> {
  const count = batch.timestamps.length;
  const out = new ByteWriter(64 + batch.ids.length * 10 + count * 10);
  out.byte(OLD_VERSION);
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
