import { Fault } from '#lib/model/fault.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { isObject } from '#lib/model/json.ts';
import type { Attribute, Attributes, AttributeValue } from '#lib/model/span.ts';

/** Proto3 JSON: `null` and an absent field are the same; a list that is something else is a broken message. */
export function listField(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value as unknown[];
  throw new Fault(400, 'malformed-otlp', `'${name}' must be a list, it is ${typeof value}`);
}

export function objectsField(value: unknown, name: string): JsonObject[] {
  return listField(value, name).map((item, index) => {
    if (!isObject(item)) throw new Fault(400, 'malformed-otlp', `'${name}[${index}]' must be an object`);
    return item;
  });
}

export function textField(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Enum of proto3 JSON: its number, or its name as in `SPAN_KIND_SERVER`. Anything else is 0. */
export function enumField(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return 0;
  if (/^\d+$/.test(value)) return Number(value);
  const name = value.toLowerCase();
  return Math.max(0, names.indexOf(name.startsWith(prefix) ? name.slice(prefix.length) : name));
}

export function countField(value: unknown): number {
  const count = Number(value ?? 0);
  return Number.isInteger(count) ? Math.max(count, 0) : 0;
}

/**
 * Unsigned nanoseconds as decimal text or number → [whole microseconds, nanoseconds left over]. Absent is 0,
 * what is no such number is NaN.
 */
export function nanosField(value: unknown): readonly [micros: number, nanos: number] {
  if (value === undefined || value === null || value === '') return [0, 0];
  if (typeof value === 'string' && /^\d{1,20}$/.test(value))
    return [Number(value.slice(0, -3)), Number(value.slice(-3))];
  const number = typeof value === 'number' && value >= 0 ? value : Number.NaN;
  const micros = Math.floor(number / 1000);
  return [micros, number - micros * 1000];
}

export function attributesField(value: unknown): Attributes {
  const attributes: Attribute[] = [];
  for (const pair of listField(value, 'attributes')) {
    if (isObject(pair)) attributes.push([textField(pair.key), anyValue(pair.value)]);
  }
  return attributes;
}

/** AnyValue; how deep it nests is bounded by `parseJson`. */
function anyValue(value: unknown): AttributeValue {
  if (!isObject(value)) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  const [key, given] = oneOf(value);
  switch (key) {
    case 'stringValue':
    case 'bytesValue':
      return textField(given);
    case 'boolValue':
      return given === true || given === 'true';
    case 'intValue':
      return integer(given);
    case 'doubleValue':
      return Number(given);
    case 'arrayValue':
      return isObject(given) ? listField(given.values, 'arrayValue.values').map(anyValue) : [];
    case 'kvlistValue':
      return { kvlist: isObject(given) ? attributesField(given.values) : [] };
    default:
      return null;
  }
}

const SNAKE: ReadonlyMap<string, string> = new Map([
  ['string_value', 'stringValue'],
  ['bytes_value', 'bytesValue'],
  ['bool_value', 'boolValue'],
  ['int_value', 'intValue'],
  ['double_value', 'doubleValue'],
  ['array_value', 'arrayValue'],
  ['kvlist_value', 'kvlistValue'],
]);
const CAMEL: ReadonlySet<string> = new Set(SNAKE.values());

function oneOf(value: JsonObject): readonly [key: string, given: unknown] {
  for (const key of Object.keys(value)) {
    const name = CAMEL.has(key) ? key : SNAKE.get(key);
    const given = value[key];
    if (name !== undefined && given !== null) return [name, given];
  }
  return ['', null];
}

/** A number while that is exact, else its decimal text. */
function integer(given: unknown): number | string | null {
  if (typeof given === 'number') return given;
  if (typeof given !== 'string' || !/^-?\d{1,20}$/.test(given)) return null;
  const number = Number(given);
  return Number.isSafeInteger(number) ? number : given;
}
