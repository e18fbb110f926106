import { describe, expect, test } from 'vitest';
import { choicesOf, regexSizeProblem } from './regex.ts';

describe('a mere choice of texts', () => {
  test.each<[string, string[] | undefined]>([
    ['', ['']],
    ['a', ['a']],
    ['a|b|', ['a', 'b', '']],
    [String.raw`10\.0\.0\.1:80|a\-b|\\|\|`, ['10.0.0.1:80', 'a-b', '\\', '|']],
    ['ü|🔥', ['ü', '🔥']],
    ['a.b', undefined],
    ['a|(b)', undefined],
    [String.raw`a\d`, undefined],
    [String.raw`a\n`, undefined],
    ['a\\', undefined],
    ['a|b*', undefined],
  ])('%s', (pattern, choices) => {
    expect(choicesOf(pattern)).toEqual(choices);
  });
});

test.each([
  ['[a-f0-9]{64}', true],
  [String.raw`(?:[0-9]{1,3}\.){3}[0-9]{1,3}`, true],
  ['.{0,1000}z', true],
  ['(?:.*a){1000}'.repeat(20), false],
  ['(a|b)*'.repeat(10_000), false],
])('size of %s', (pattern, isFine) => {
  expect(regexSizeProblem(pattern) === undefined).toBe(isFine);
});
