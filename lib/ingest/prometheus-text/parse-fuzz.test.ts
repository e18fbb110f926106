import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { makeLabels } from '#lib/model/labels.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { loose, samplesOf, strict } from './parse.testing.ts';

test('written samples come back, in both formats', () => {
  const name = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,8}$/);
  const label = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((l) => l !== '__name__');
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const escaped = (value: string) => value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  const number = (value: number) => String(value).replace('Infinity', 'Inf').replace(/^Inf/, '+Inf');
  const series = fc.record({
    name,
    labels: fc.uniqueArray(fc.tuple(label, text), { selector: ([l]) => l, maxLength: 4 }),
    value: fc.double(),
    at: fc.integer({ min: 0, max: 2 ** 41 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(series, { selector: (s) => s.name, maxLength: 5 }), (list) => {
      const write = (time: (ms: number) => string) =>
        list
          .map(({ name: metric, labels, value, at }) => {
            const braces = labels.map(([l, v]) => `${l}="${escaped(v)}"`).join(',');
            return `${metric}{${braces}} ${number(value)} ${time(at)}\n`;
          })
          .join('');
      const expected = list.map((s) => [
        makeLabels([['__name__', s.name], ...s.labels]),
        s.at,
        Object.is(s.value, -0) ? 0 : s.value,
      ]);
      expect(samplesOf(loose(write(String)))).toEqual(expected);
      expect(samplesOf(strict(`${write((ms) => (ms / 1000).toFixed(3))}# EOF\n`))).toEqual(expected);
    }),
  );
});

describe('hostile text', () => {
  const survives = (text: string) => {
    for (const parse of [loose, strict]) {
      try {
        const batch = parse(text);
        expect(batch.offsets.at(-1)).toBe(batch.values.length);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    }
  };

  test('any text, and any text of the format’s own characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), survives), { numRuns: 300 });
    const pieces = fc.constantFrom(
      'a',
      '{',
      '}',
      '"',
      '\\',
      '=',
      ',',
      ' ',
      '#',
      '# TYPE ',
      '1',
      '\n',
      'le',
      '+Inf',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((p) => p.join('')),
        survives,
      ),
      {
        numRuns: 1000,
      },
    );
  });

  test.each([
    ['digits', `a ${'1'.repeat(1_000_000)}x`],
    ['blanks', `a${' '.repeat(1_000_000)}x`],
    ['backslashes', `a{b="${'\\'.repeat(1_000_000)}`],
    ['braces', `a${'{'.repeat(1_000_000)}`],
    ['commas', `a{${','.repeat(1_000_000)}} 1`],
    ['labels', `a{${'b="",'.repeat(200_000)}} 1`],
    ['a comment', `# HELP ${'a '.repeat(500_000)}`],
  ])('a megabyte of %s is answered in linear time', (_name, text) => {
    expect(cpuMillis(() => survives(text))).toBeLessThan(500);
  });
});
