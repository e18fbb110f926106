import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPlain, formatSample } from './format-number.ts';

describe('values as Go writes them', () => {
  test.each([
    [Number.NaN, 'NaN', 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf', '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf', '-Inf'],
    [-0, '-0', '-0'],
    [0.1, '0.1', '0.1'],
    [1e21, '1e+21', '1000000000000000000000'],
    [-1.5e-7, '-1.5e-07', '-0.00000015'],
    [1.25e300, '1.25e+300', `125${'0'.repeat(298)}`],
    [123456789012345680000, '123456789012345680000', '123456789012345680000'],
  ])('%d', (value, sample, plain) => {
    expect(formatSample(value)).toBe(sample);
    expect(formatPlain(value)).toBe(plain);
  });

  test('both read back as the same float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatSample(value))).toBe(value);
        expect(Number(formatPlain(value))).toBe(value);
      }),
    );
  });
});
