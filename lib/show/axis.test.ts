import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extent, timeTicks, valueAxis } from './axis.ts';
import { testPanel } from './panel.fixture.ts';

describe('valueAxis', () => {
  test.each([
    [87, 'ms', [0, 25, 50, 75, 100]],
    [0, 'ratio', [0, 0.0025, 0.005, 0.0075, 0.01]],
    [0.93, 'ratio', [0, 0.25, 0.5, 0.75, 1]],
    [3, 'count', [0, 1, 2, 3]],
    [600 * 1024 ** 2, 'bytes', [0, 200, 400, 600].map((mib) => mib * 1024 ** 2)],
    [200_000, 'ms', [0, 60_000, 120_000, 180_000, 240_000]],
  ] as const)('up to %s %s has round ticks', (high, unit, ticks) => {
    expect(valueAxis(0, high, unit).ticks).toEqual(ticks);
  });

  test('holds every value, with few ticks and one label each', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: -1e6, max: 0, noNaN: true }),
        fc.constantFrom('ms', 'bytes', 'ratio', 'count', 'per-second'),
        (high, low, unit) => {
          const axis = valueAxis(low, high, unit);
          // Far less than a pixel of it: what floating point may lose.
          const slack = 1e-9 + 1e-8 * (axis.max - axis.min);
          expect(axis.min - slack).toBeLessThanOrEqual(low);
          expect(axis.max + slack).toBeGreaterThanOrEqual(high);
          expect(axis.ticks.length).toBeLessThanOrEqual(12);
          expect(axis.labels.length).toBe(axis.ticks.length);
        },
      ),
    );
  });
});

describe('timeTicks', () => {
  const noon = Date.UTC(2026, 10, 20, 12, 0);
  test('stand on round minutes of the zone', () => {
    const range = { from: noon + 7_000, to: noon + 3_600_000 };
    expect(timeTicks(range, 6, 'UTC').map((tick) => tick.label)).toEqual([
      '12:10',
      '12:20',
      '12:30',
      '12:40',
      '12:50',
      '13:00',
    ]);
    expect(timeTicks(range, 6, 'Asia/Kolkata')[0]?.label).toBe('17:40');
  });

  test('name the day at midnight', () => {
    const ticks = timeTicks({ from: noon, to: noon + 86_400_000 }, 5, 'UTC');
    expect(ticks.map((tick) => tick.label)).toEqual(['12:00', '18:00', 'Nov 21', '06:00', '12:00']);
  });

  test('stay on local round hours across a change of daylight saving time', () => {
    const range = { from: Date.UTC(2026, 9, 24, 22), to: Date.UTC(2026, 9, 25, 22) };
    const labels = timeTicks(range, 5, 'Europe/Berlin').map((tick) => tick.label);
    expect(labels).toEqual(['Oct 25', '06:00', '12:00', '18:00']);
  });
});

test('stacked series count together, hidden ones not at all', () => {
  const panel = testPanel({ draw: 'stacked', values: { a: [1, null, 3], b: [2, 5, 4] } });
  expect(extent(panel, new Set(['a', 'b']))).toEqual({ low: 0, high: 7 });
  expect(extent(panel, new Set(['a']))).toEqual({ low: 0, high: 3 });
});
