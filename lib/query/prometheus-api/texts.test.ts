import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, timeText } from './duration-text.ts';
import { unescapeName } from './escaped-name.ts';

describe('escaped names', () => {
  test.each([
    ['job', 'job'],
    ['U__http_2e_requests', 'http.requests'],
    ['U__a__b', 'a_b'],
    ['U___1f600_', '😀'],
    ['U__', ''],
    ['U__a_', 'U__a_'],
    ['U__a_zz_', 'U__a_zz_'],
    ['U__a_d800_', 'U__a_d800_'],
    ['U__a_110000_', 'U__a_110000_'],
    ['u__a_2e_', 'u__a_2e_'],
  ])('%s → %s', (escaped, name) => {
    expect(unescapeName(escaped)).toBe(name);
  });

  test('any name survives Prometheus’ escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const escaped = [...name]
          .map((c) => (c === '_' ? '__' : /\w/.test(c) ? c : `_${c.codePointAt(0)?.toString(16)}_`))
          .join('');
        expect(unescapeName(`U__${escaped}`)).toBe(name);
      }),
    );
  });
});

test.each([
  [0, '0s'],
  [15_000, '15s'],
  [90_000, '1m30s'],
  [1500, '1s500ms'],
  [15 * 86_400_000, '15d'],
  [14 * 86_400_000, '2w'],
  [365 * 86_400_000, '1y'],
])('%i ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('no time is Go’s zero time', () => {
  expect(timeText(undefined)).toBe('0001-01-01T00:00:00Z');
  expect(timeText(1500)).toBe('1970-01-01T00:00:01.500Z');
});
