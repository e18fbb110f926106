import type { Attribute, AttributeValue } from '#lib/model/span.ts';
import type { ProtoReader } from '../protobuf/reader.ts';

/** opentelemetry.proto.common.v1.KeyValue */
const KEY = 0x0a;
const VALUE = 0x12;
/** AnyValue */
const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const KVLIST = 0x32;
const BYTES = 0x3a;
/** ArrayValue.values, KeyValueList.values */
const VALUES = 0x0a;

export function readKeyValue(reader: ProtoReader): Attribute {
  const outer = reader.enter();
  let key = '';
  let value: AttributeValue = null;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === KEY) key = reader.string();
    else if (tag === VALUE) value = readAnyValue(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return [key, value];
}

/** How deep it may nest is bounded by the reader. */
function readAnyValue(reader: ProtoReader): AttributeValue {
  const outer = reader.enter();
  let value: AttributeValue = null;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case STRING:
        value = reader.string();
        break;
      case BOOL:
        value = reader.bool();
        break;
      case INT:
        value = reader.exactInt64();
        break;
      case DOUBLE:
        value = reader.double();
        break;
      case ARRAY:
        value = readList(reader, readAnyValue);
        break;
      case KVLIST:
        value = { kvlist: readList(reader, readKeyValue) };
        break;
      case BYTES:
        value = reader.base64();
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  return value;
}

function readList<T>(reader: ProtoReader, read: (reader: ProtoReader) => T): T[] {
  const outer = reader.enter();
  const values: T[] = [];
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === VALUES) values.push(read(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
}
