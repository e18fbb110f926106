import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAgo, formatChange, formatDuration, formatTicks, formatValue } from './format.ts';
import type { Unit } from './panel.ts';

const UNITS: Unit[] = ['ms', 's', 'bytes', 'bytes-per-second', 'ratio', 'count', 'per-second', 'rows'];

describe('formatValue', () => {
  test.each<[number | null, Unit, string]>([
    [350, 'ms', '350 ms'],
    [0, 'ms', '0 ms'],
    [0.35, 'ms', '350 µs'],
    [999.7, 'ms', '1 s'],
    [1250, 'ms', '1.25 s'],
    [59_940, 'ms', '59.9 s'],
    [59_999, 'ms', '1m'],
    [125_000, 'ms', '2m 5s'],
    [0.056, 's', '56 ms'],
    [436_000, 's', '5d 1h'],
    [1_258_291, 'bytes', '1.2 MiB'],
    [1023.9, 'bytes', '1,024 B'],
    [512, 'bytes', '512 B'],
    [2048, 'bytes-per-second', '2 KiB/s'],
    [0.012, 'ratio', '1.2 %'],
    [0.00001, 'ratio', '<0.01 %'],
    [1, 'ratio', '100 %'],
    [12.34, 'per-second', '12.3 /s'],
    [45_600, 'per-second', '45.6 k/s'],
    [9_999, 'count', '9,999'],
    [0.42, 'count', '0.42'],
    [1_234_567, 'count', '1.23 M'],
    [1, 'rows', '1 row'],
    [200_000, 'rows', '200 k rows'],
    [-350, 'ms', '−350 ms'],
    [null, 'ms', '–'],
    [Number.NaN, 'ms', '–'],
    [Number.POSITIVE_INFINITY, 'ms', '∞'],
  ])('%s %s is written as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test('any finite number is written in little room, without exponents', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e14, max: 1e14, noNaN: true }),
        fc.constantFrom(...UNITS),
        (value, unit) => {
          const text = formatValue(value, unit);
          expect(text.length).toBeLessThan(26);
          expect(text).not.toMatch(/e[+-]|NaN|undefined/);
        },
      ),
    );
  });
});

test.each([
  [5 * 86_400_000 + 5 * 60_000, '5d 5m'],
  [3_600_000, '1h'],
  [90_061_000, '1d 1h'],
  [-125_000, '−2m 5s'],
  [12, '12 ms'],
])('%s ms lasts %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each<[number[], Unit, string[]]>([
  [[0, 0.5, 1], 's', ['0.0 s', '0.5 s', '1.0 s']],
  [[0, 50, 100], 'ms', ['0 ms', '50 ms', '100 ms']],
  [[0, 500, 1000, 1500], 'ms', ['0.0 s', '0.5 s', '1.0 s', '1.5 s']],
  [[0, 60_000, 120_000], 'ms', ['0', '1m', '2m']],
  [[0, 0.005, 0.01], 'ratio', ['0.0 %', '0.5 %', '1.0 %']],
  [[0, 0.25, 0.5], 'per-second', ['0.00 /s', '0.25 /s', '0.50 /s']],
  [[0, 524_288, 1_048_576], 'bytes', ['0.0 MiB', '0.5 MiB', '1.0 MiB']],
])('ticks %j in %s share one scale', (ticks, unit, labels) => {
  expect(formatTicks(ticks, unit)).toEqual(labels);
});

test.each([
  [1_000, 'just now'],
  [45_000, '45 s ago'],
  [3 * 60_000, '3 min ago'],
  [5 * 3_600_000, '5 h ago'],
  [12 * 86_400_000, '12 d ago'],
])('%s ms back is %s', (back, text) => {
  expect(formatAgo(1e12 - back, 1e12)).toBe(text);
});

test.each([
  [135, 100, '+35 %'],
  [88, 100, '−12 %'],
  [420, 100, '×4.2'],
  [100.2, 100, '±0 %'],
  [5, 0, undefined],
])('%s against %s is %s', (value, baseline, text) => {
  expect(formatChange(value, baseline)).toBe(text);
});
