import { expect, test } from 'vitest';
import { formatConfigDuration, parseConfigDuration } from './duration.ts';

test.each([
  ['0', 0, '0s'],
  ['15s', 15_000, '15s'],
  ['90s', 90_000, '1m30s'],
  ['1h30m', 5_400_000, '1h30m'],
  ['1d', 86_400_000, '1d'],
  ['36h', 129_600_000, '36h'],
  ['2w', 1_209_600_000, '2w'],
  ['1y', 31_536_000_000, '1y'],
  ['500ms', 500, '500ms'],
  ['1s250ms', 1250, '1s250ms'],
])('%s', (text, ms, printed) => {
  expect(parseConfigDuration(text)).toBe(ms);
  expect(formatConfigDuration(ms)).toBe(printed);
});

test.each(['', '5', '1.5h', '1m1h', 's', '-5s', '5 s'])('%j is none', (text) => {
  expect(parseConfigDuration(text)).toBeUndefined();
});
