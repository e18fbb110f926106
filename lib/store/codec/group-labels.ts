import type { Label, Labels } from '#lib/model/labels.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { SealedParts, seal } from './sealed.ts';

const VERSION = 1;

/** Label sets in order; those of one metric have most of their names and many of their values in common. */
export function packLabels(sets: readonly Labels[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.varint(sets.length);
  for (const labels of sets) {
    out.varint(labels.length);
    for (const [name, value] of labels) {
      out.text(name);
      out.text(value);
    }
  }
  return seal(VERSION, [out.finish()]);
}

/** Equal names and values are one string in memory. */
export function unpackLabels(data: Uint8Array): Labels[] {
  const input = new ByteReader(new SealedParts(VERSION, data).next());
  return Array.from({ length: input.count() }, () => {
    const labels: Label[] = [];
    for (let n = input.count(); n > 0; n--) labels.push([input.text(), input.text()]);
    return labels;
  });
}
