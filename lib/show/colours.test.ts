import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignColours, CHART_COLOURS } from './colours.ts';

test('up to ten series never share a colour, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: CHART_COLOURS }), (keys) => {
      const colours = assignColours(keys);
      expect(new Set(colours.values()).size).toBe(keys.length);
      expect(assignColours(keys.toReversed())).toEqual(expect.objectContaining({ size: colours.size }));
      for (const key of keys) expect(assignColours(keys.toReversed()).get(key)).toBe(colours.get(key));
    }),
  );
});

test('quantiles look the same everywhere', () => {
  const alone = assignColours(['p95']);
  expect(assignColours(['a', 'b', 'p50', 'p95', 'c']).get('p95')).toBe(alone.get('p95'));
});

test('more series than colours still get one each', () => {
  const keys = Array.from({ length: 25 }, (_, i) => `s${i}`);
  expect(assignColours(keys).size).toBe(25);
});
