import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_POINTS, stepFor, stepIndex, stepsOf } from './steps.ts';

test('a range is never drawn with more points than a chart takes, in steps of whole span buckets', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2e12 }), fc.integer({ min: 1_000, max: 4e10 }), (from, length) => {
      const range = { from, to: from + length };
      const steps = stepsOf(range, stepFor(range));
      expect(steps.count).toBeLessThanOrEqual(MAX_POINTS);
      expect(steps.step % 10_000).toBe(0);
      expect(steps.times.length).toBe(steps.count);
      for (const at of steps.times) expect(at > range.from && at <= range.to).toBe(true);
    }),
  );
});

test('an instant belongs to the step that starts at or before it', () => {
  const steps = stepsOf({ from: 5_000, to: 40_000 }, 10_000);
  expect([9_999, 10_000, 19_999, 20_000, 40_000].map((at) => stepIndex(steps, at))).toEqual([
    undefined,
    0,
    0,
    1,
    undefined,
  ]);
});
