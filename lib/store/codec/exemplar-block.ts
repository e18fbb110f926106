import type { Label } from '#lib/model/labels.ts';
import type { StoredExemplar } from '../metrics/shared-samples.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { pack, unpack } from './json.ts';

/** Smallest when they ascend by time. */
export function encodeExemplars(exemplars: readonly StoredExemplar[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(32 + exemplars.length * 32);
  out.varint(exemplars.length);
  let before = 0;
  for (const { id, exemplar } of exemplars) {
    out.varint(id);
    out.number(exemplar.timestamp - before);
    before = exemplar.timestamp;
    out.float64(exemplar.value);
    out.varint(exemplar.labels.length);
    for (const [name, value] of exemplar.labels) {
      out.text(name);
      // A trace id is seldom met twice.
      out.newText(value);
    }
  }
  return pack(out.finish());
}

/** Throws for damaged bytes. */
export function decodeExemplars(data: Uint8Array): StoredExemplar[] {
  const input = new ByteReader(unpack(data));
  let timestamp = 0;
  return Array.from({ length: input.count() }, () => {
    const id = input.varint();
    timestamp += input.number();
    const value = input.float64();
    const labels: Label[] = [];
    for (let n = input.count(); n > 0; n--) labels.push([input.text(), input.newText()]);
    return { id, exemplar: { labels, value, timestamp } };
  });
}
