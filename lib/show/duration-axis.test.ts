import { expect, test } from 'vitest';
import { durationAxis } from './duration-axis.ts';

test('linear from zero while durations are alike', () => {
  const axis = durationAxis([80, 100, 150, 200]);
  expect(axis.ticks.map((tick) => tick.label)).toEqual(['0 ms', '50 ms', '100 ms', '150 ms', '200 ms']);
  expect([axis.place(0), axis.place(100), axis.place(200)]).toEqual([0, 0.5, 1]);
});

test('powers of ten when one is far longer than most', () => {
  const axis = durationAxis([20, 30, 40, 20_000]);
  expect(axis.ticks.map((tick) => tick.label)).toEqual(['10 ms', '100 ms', '1 s', '10 s', '1m 40s']);
  expect(axis.place(10)).toBeCloseTo(0);
  expect(axis.place(1000)).toBeCloseTo(0.5);
  expect(axis.place(100_000)).toBeCloseTo(1);
});

test.each([[[0]], [[0, 0, 0]], [[0, 0, 5000]], [[1e-9, 0, 1]], [[1e9]]])(
  '%j stays within the box',
  (durations) => {
    const axis = durationAxis(durations);
    for (const value of [...durations.map(axis.place), ...axis.ticks.map((tick) => tick.at)]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  },
);
