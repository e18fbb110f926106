import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_JSON_DEPTH, parseJson } from './json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('gives what JSON.parse gives', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('depth is counted outside strings only', () => {
  expect(parse(nested(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
  expect(parse(JSON.stringify({ a: `\\"${'['.repeat(1000)}` }))).toHaveProperty('a');
  expect(() => parse(nested(MAX_JSON_DEPTH + 1))).toThrow(expect.objectContaining({ code: 'json-too-deep' }));
  expect(() => parse(`{"a":"]]]]","b":${nested(MAX_JSON_DEPTH)}}`)).toThrow('deeper than 64');
});

test.each(['', '{', '"\\', '\u0000', '{"a":1,}'])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ status: 400, code: 'malformed-json' }));
});

test('a byte order mark is passed over', () => {
  expect(parse('\uFEFF{"a":1}')).toEqual({ a: 1 });
});
