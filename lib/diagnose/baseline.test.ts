import { describe, expect, test } from 'vitest';
import type { Finding } from '#lib/model/finding.ts';
import { baselineBefore, ownBaselines, subtract } from './baseline.ts';

describe('subtract', () => {
  const range = { from: 0, to: 100 };
  test.each([
    ['nothing', [], [range]],
    [
      'the middle',
      [{ from: 40, to: 60 }],
      [
        { from: 0, to: 40 },
        { from: 60, to: 100 },
      ],
    ],
    ['an edge', [{ from: -5, to: 30 }], [{ from: 30, to: 100 }]],
    ['all', [{ from: -5, to: 130 }], []],
    ['something outside', [{ from: 200, to: 300 }], [range]],
    [
      'two that overlap',
      [
        { from: 10, to: 50 },
        { from: 40, to: 90 },
      ],
      [
        { from: 0, to: 10 },
        { from: 90, to: 100 },
      ],
    ],
  ])('%s', (_, others, expected) => {
    expect(subtract(range, others)).toEqual(expected);
  });
});

describe('baselineBefore', () => {
  const H = 3_600_000;
  const now = 100 * H;
  test('the hour before', () => {
    expect(baselineBefore(now, [])).toEqual([{ from: now - H, to: now }]);
  });
  test('without incidents', () => {
    expect(baselineBefore(now, [{ from: now - 1_200_000, to: now + 1 }])).toEqual([
      { from: now - H, to: now - 1_200_000 },
    ]);
  });
  test('further back when the hour was not calm', () => {
    expect(baselineBefore(now, [{ from: now - H, to: now }])).toEqual([{ from: now - 3 * H, to: now - H }]);
  });
  test('the hour before an incident that lasts for long', () => {
    expect(baselineBefore(now, [{ from: now - 9 * H, to: now }])).toEqual([
      { from: now - 10 * H, to: now - 9 * H },
    ]);
  });
});

test('an incident of one service leaves the past of the others whole', () => {
  const H = 3_600_000;
  const now = 10 * H;
  const incident = {
    severity: 'warning',
    state: 'resolved',
    subject: { service: 'orders' },
    firstSeen: now - H / 2,
    lastSeen: now - H / 4,
  } as Finding;
  const own = ownBaselines(now, [incident], now);
  expect(own.untouched).toEqual([{ from: now - H, to: now }]);
  expect(own.byService.get('orders')).toEqual([
    { from: now - H, to: now - H / 2 - 45_000 },
    { from: now - H / 4 + 45_000, to: now },
  ]);
  expect(own.byService.has('payments')).toBe(false);
});
