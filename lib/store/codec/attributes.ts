import type { Attributes, AttributeValue } from '#lib/model/span.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const TEXT = 4;
const LIST = 5;
const KVLIST = 6;

function writeValue(out: ByteWriter, value: AttributeValue): void {
  if (typeof value === 'string') {
    out.byte(TEXT);
    out.text(value);
  } else if (typeof value === 'number') {
    out.byte(NUMBER);
    out.number(value);
  } else if (typeof value === 'boolean') out.byte(value ? TRUE : FALSE);
  else if (value === null) out.byte(NULL);
  else if ('kvlist' in value) {
    out.byte(KVLIST);
    writeAttributes(out, value.kvlist);
  } else {
    out.byte(LIST);
    out.varint(value.length);
    for (const item of value) writeValue(out, item);
  }
}

function readValue(input: ByteReader): AttributeValue {
  const tag = input.byte();
  switch (tag) {
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case NUMBER:
      return input.number();
    case TEXT:
      return input.text();
    case LIST: {
      const list: AttributeValue[] = [];
      for (let n = input.count(); n > 0; n--) list.push(readValue(input));
      return list;
    }
    case KVLIST:
      return { kvlist: readAttributes(input) };
    default:
      throw new RangeError(`attribute of kind ${tag} at ${input.at}`);
  }
}

export function writeAttributes(out: ByteWriter, attributes: Attributes): void {
  out.varint(attributes.length);
  for (const [key, value] of attributes) {
    out.text(key);
    writeValue(out, value);
  }
}

export function readAttributes(input: ByteReader): Attributes {
  const attributes: [string, AttributeValue][] = [];
  for (let n = input.count(); n > 0; n--) attributes.push([input.text(), readValue(input)]);
  return attributes;
}

const HEX = /^(?:[0-9a-f][0-9a-f])*$/;

/** Ids are lower-case hex; anything else is kept as text, so that no id can be changed by storing it. */
export function writeId(out: ByteWriter, id: string): void {
  if (id.length < 128 && HEX.test(id)) {
    out.byte(id.length);
    out.hex(id);
  } else {
    out.byte(255);
    out.newText(id);
  }
}

export function readId(input: ByteReader): string {
  const length = input.byte();
  if (length === 255) return input.newText();
  const bytes = input.raw(length / 2);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
