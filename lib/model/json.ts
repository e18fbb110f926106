import { Fault } from './fault.ts';

export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses untrusted JSON. How deep it nests is counted before anything is built, since `JSON.parse` takes any depth
 * and whatever walks the result then overflows the stack.
 * @throws Fault 400 `malformed-json` or `json-too-deep`
 */
export function parseJson(body: Uint8Array): unknown {
  if (nesting(body) > MAX_JSON_DEPTH)
    throw new Fault(
      400,
      'json-too-deep',
      `the JSON nests deeper than ${MAX_JSON_DEPTH} levels; flatten it, no format taken here needs that`,
    );
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be parsed';
    throw new Fault(400, 'malformed-json', `the body is not JSON: ${problem}`, { cause: error });
  }
}

/** Greatest depth of brackets outside strings; stops counting once it is past the limit. */
function nesting(bytes: Uint8Array): number {
  const end = bytes.length;
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      for (i++; i < end; i++) {
        const inside = bytes[i] ?? 0;
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) i++;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) {
        deepest = depth;
        if (deepest > MAX_JSON_DEPTH) return deepest;
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}
