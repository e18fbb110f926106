import { describe, expect, test } from 'vitest';
import { churnOf, explodingLabel, keptFor, seriesPerMetricWith } from './storage.ts';

const HOUR = 3_600_000;

test('churn names each of the last 24 hours, also those in which nothing happened', () => {
  const now = 100 * HOUR + 5;
  const hours = churnOf([[100 * HOUR, 7]], [[98 * HOUR, 2]], now);
  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toEqual({ at: 100 * HOUR, born: 7, ended: 0 });
  expect(hours.at(-3)).toEqual({ at: 98 * HOUR, born: 0, ended: 2 });
  expect(churnOf([], [], now)).toEqual([]);
});

describe('a label explodes', () => {
  const labels = [
    { name: '__name__', count: 900 },
    { name: 'user_id', count: 800 },
    { name: 'job', count: 3 },
  ];
  test.each([
    ['when it has a value for nearly each series', 1000, 'user_id'],
    ['not when the series are many more', 100_000, undefined],
  ])('%s', (_, activeSeries, expected) => {
    expect(explodingLabel({ valuesByLabel: labels, activeSeries })?.name).toBe(expected);
  });
});

test('a label that is no identifier is quoted in the query', () => {
  expect(seriesPerMetricWith('user_id')).toBe('topk(10, count by (__name__) ({user_id!=""}))');
  expect(seriesPerMetricWith('user.id')).toBe('topk(10, count by (__name__) ({"user.id"!=""}))');
});

test.each([
  [undefined, 'for ever'],
  [15 * 24 * HOUR, 'for 15 days'],
  [HOUR, 'for 1 hour'],
  [90_000, 'for 90 seconds'],
])('%s ms are kept %s', (ms, words) => {
  expect(keptFor(ms)).toBe(words);
});
