import { describe, expect, test } from 'vitest';
import { foldSamples, MAX_SERIES, seriesPanel, stepForSamples } from './series-panel.ts';
import { stepsOf } from './steps.ts';

const FROM = Date.UTC(2026, 10, 20, 12);
const range = { from: FROM, to: FROM + 60_000 };
const steps = stepsOf(range, 20_000);

function samples(values: readonly number[], everyMs = 10_000) {
  return { timestamps: values.map((_, i) => FROM + i * everyMs), values: [...values] };
}

describe('foldSamples', () => {
  test.each([
    ['last', [2, 4, 6]],
    ['mean', [1.5, 3.5, 5.5]],
    ['max', [2, 4, 6]],
  ] as const)('%s of each step', (fold, expected) => {
    expect(foldSamples(samples([1, 2, 3, 4, 5, 6]), steps, fold)).toEqual(expected);
  });

  test('a counter becomes a rate per second, across a restart', () => {
    expect(foldSamples(samples([0, 10, 20, 5, 15, 25]), steps, 'rate')).toEqual([1, 0.75, 1]);
  });

  test('a stale marker ends the line and starts the counter anew', () => {
    expect(foldSamples(samples([0, 10, Number.NaN, 500, 510, 520]), steps, 'rate')).toEqual([1, null, 1]);
  });
});

test('a step holds at least one scrape', () => {
  const minutely = samples([1, 2, 3, 4, 5], 60_000);
  const hour = { from: FROM, to: FROM + 3_600_000 };
  expect(stepForSamples(hour, [minutely])).toBeGreaterThan(60_000);
  expect(stepForSamples(hour, [samples([1, 2, 3], 5_000)])).toBe(20_000);
});

test('shows the highest series and says how many there are', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    name: `s${i}`,
    data: samples([i, i, i, i, i, i]),
    fold: 'last' as const,
  }));
  const panel = seriesPanel(many, range, { id: 'x', title: 'X', description: '', unit: 'count' });
  expect(panel.series.length).toBe(MAX_SERIES);
  expect(panel.seriesTotal).toBe(40);
  expect(panel.series[0]?.name).toBe('s39');
});

test('without samples it is empty and says what to do', () => {
  const none = [{ name: 'a', data: samples([Number.NaN]), fold: 'last' as const }];
  const panel = seriesPanel(none, range, { id: 'x', title: 'X', description: '', unit: 'count' });
  expect(panel.empty?.reason).toMatch(/No samples/);
});
