import type { Label } from '#lib/model/labels.ts';
import type { NewSeries } from '../metrics/shared-samples.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Series between threads: copied as bytes they cost a tenth of what copying the lists would. */
export function encodeNewSeries(series: readonly NewSeries[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(64 + series.length * 100);
  out.varint(series.length);
  for (const { id, labels } of series) {
    out.varint(id);
    out.varint(labels.length);
    for (const [name, value] of labels) {
      out.text(name);
      out.text(value);
    }
  }
  return out.finish();
}

export function decodeNewSeries(bytes: Uint8Array): NewSeries[] {
  const input = new ByteReader(bytes);
  return Array.from({ length: input.count() }, () => {
    const id = input.varint();
    const labels: Label[] = [];
    for (let n = input.count(); n > 0; n--) labels.push([input.text(), input.text()]);
    return { id, labels };
  });
}
