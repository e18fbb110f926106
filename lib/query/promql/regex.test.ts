import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchored, escaped, matcherTest } from './regex.ts';

describe('matchers', () => {
  test.each([
    ['a|b|', ['a', 'b', ''], ['c', 'ab', 'a|b']],
    ['api-.*', ['api-', 'api-1\n'], ['api', 'xapi-']],
    ['.*-prod', ['-prod', 'eu-prod'], ['prod', 'eu-prod1']],
    ['.+mid.+', ['amidb', 'midmidmid'], ['mid', 'amid', 'midb']],
    ['.*', ['', 'x'], []],
    ['.+', ['x'], ['']],
    ['.+.*', ['x'], ['']],
    ['a.c', ['abc'], ['ac']],
    ['(?i)x', ['x', 'X'], ['y']],
  ])('%s', (pattern, matching, others) => {
    const test = matcherTest({ name: 'l', op: '=~', value: pattern });
    const not = matcherTest({ name: 'l', op: '!~', value: pattern });
    for (const text of matching) expect([test(text), not(text)], text).toEqual([true, false]);
    for (const text of others) expect([test(text), not(text)], text).toEqual([false, true]);
  });

  test('short ways give the verdict of the whole regex', () => {
    const part = fc.constantFrom('a', 'b', '.*', '.+', '|', '-', '.', '');
    const pattern = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '-', '\n'), { maxLength: 5 }).map((s) => s.join(''));
    fc.assert(
      fc.property(pattern, fc.array(text), (value, texts) => {
        const test = matcherTest({ name: 'l', op: '=~', value });
        const regex = anchored(value);
        for (const each of texts) expect(test(each)).toBe(regex.matches(each));
      }),
    );
  });

  test('any text, escaped, matches itself alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const test = matcherTest({ name: 'l', op: '=~', value: escaped(text) });
        expect([test(text), test(`${text}x`)]).toEqual([true, false]);
      }),
    );
  });

  test('patterns that make other engines backtrack stay linear', () => {
    const long = `${'a'.repeat(2000)}!`;
    const start = performance.now();
    for (const value of ['(a+)+', '(a|aa)*', '(.*)*x', 'a*a*a*a*a*a*b'])
      expect(matcherTest({ name: 'l', op: '=~', value })(long)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
