import { isUtf8 } from 'node:buffer';
import type { Label } from '#lib/model/labels.ts';
import { ProtoReader } from '../protobuf/reader.ts';

const NAME = 0x0a;
const VALUE = 0x12;
const LABEL = 0x0a;

export interface DecodedLabels {
  readonly pairs: Label[];
  /** Some text is not UTF-8; it stands in `pairs` with U+FFFD, good for a message only. */
  readonly invalid: boolean;
}

function stringBytes(reader: ProtoReader, start: number): Uint8Array {
  const end = reader.pos;
  reader.pos = start;
  return reader.bytes.subarray(reader.pass(), end);
}

/** The label messages of one TimeSeries, as they stand one after another. */
export function decodeLabels(bytes: Uint8Array): DecodedLabels {
  const reader = new ProtoReader(bytes);
  const pairs: Label[] = [];
  let invalid = false;
  const text = () => {
    const start = reader.pos;
    const value = reader.string();
    // Only a text that shows the replacement character can be invalid; it may also have been sent that way.
    if (value.includes('\uFFFD') && !isUtf8(stringBytes(reader, start))) invalid = true;
    return value;
  };
  while (reader.more()) {
    if (reader.tag() !== LABEL) reader.fail('something other than a label among the labels');
    pairs.push(readPair(reader, text));
  }
  return { pairs, invalid };
}

/** A label message. Invalid UTF-8 becomes U+FFFD unless `text` reads it otherwise. */
export function readPair(reader: ProtoReader, text = () => reader.string()): Label {
  const outer = reader.enter();
  let name = '';
  let value = '';
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === NAME) name = text();
    else if (tag === VALUE) value = text();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return [name, value];
}
