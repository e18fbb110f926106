import { describe, expect, test } from 'vitest';
import type { WaterfallRow } from './waterfall.ts';
import { barIn, minimapPaths, revealed, visibleRows } from './waterfall-rows.ts';

const row = (parent: number, descendants: number, service = 's'): WaterfallRow => ({
  depth: 0,
  parent,
  descendants,
  service,
  name: '',
  kind: 'internal',
  startUs: 0,
  durationUs: 100,
  details: {
    spanId: '',
    attributes: [],
    resource: 0,
  },
});

// 0 ─ 1 ─ 2
//   └ 3      4
const rows = [row(-1, 3), row(0, 1), row(1, 0), row(0, 0), row(-1, 0)];

test.each([
  [[], [0, 1, 2, 3, 4]],
  [[1], [0, 1, 3, 4]],
  [[0], [0, 4]],
  [
    [0, 1],
    [0, 4],
  ],
  [
    [2, 4],
    [0, 1, 2, 3, 4],
  ],
])('collapsed %j shows %j', (collapsed, shown) => {
  expect(visibleRows(rows, new Set(collapsed))).toEqual(shown);
});

test('revealing a row opens what is above it, and only that', () => {
  expect([...revealed(rows, new Set([0, 1, 3]), 2)]).toEqual([3]);
  const untouched = new Set([3]);
  expect(revealed(rows, untouched, 2)).toBe(untouched);
});

describe('barIn', () => {
  test.each([
    [100, 300, { left: 0, width: 1 }],
    [150, 200, { left: 0.25, width: 0.25 }],
    [0, 200, { left: 0, width: 0.5 }],
    [250, 250, { left: 0.75, width: 0 }],
    [0, 99, undefined],
    [301, 400, undefined],
  ])('%s…%s of 100…300', (startUs, endUs, bar) => {
    expect(barIn({ startUs: 100, endUs: 300 }, startUs, endUs)).toEqual(bar);
  });

  test('a trace without any length', () => {
    expect(barIn({ startUs: 0, endUs: 0 }, 0, 0)).toEqual({ left: 0, width: 1 });
  });
});

test('minimapPaths are one for each service', () => {
  const paths = minimapPaths([row(-1, 1, 'a'), row(0, 0, 'b'), row(0, 0, 'a')], 200, 30);
  expect([...paths]).toEqual([
    ['a', 'M0.0 5.00h500.0M0.0 25.00h500.0'],
    ['b', 'M0.0 15.00h500.0'],
  ]);
});
