import { describe, expect, test } from 'vitest';
import { commonLabels, queryLetter, seriesText, shortNames, type TableResult } from './explore.ts';
import { fittedAxis } from './explore-axis.ts';
import { tableCsv } from './explore-csv.ts';
import { legendRows, sortLegend } from './explore-legend.ts';
import { gridOf, gridPanel, groupByUnit, mergePanels } from './explore-panel.ts';
import { testPanel } from './panel.fixture.ts';

describe('names of series', () => {
  test.each([
    [[['__name__', 'up']], 'up'],
    [
      [
        ['__name__', 'up'],
        ['job', 'a"b'],
      ],
      'up{job="a\\"b"}',
    ],
    [[['__name__', 'http.requests']], '{"http.requests"}'],
    [[['le.x', '1']], '{"le.x"="1"}'],
    [[], '{}'],
  ] as const)('%j → %s', (labels, expected) => {
    expect(seriesText(labels)).toBe(expected);
  });

  test('only the labels that differ tell series apart', () => {
    const names = shortNames(
      [
        [
          ['__name__', 'up'],
          ['job', 'a'],
          ['zone', 'x'],
        ],
        [
          ['__name__', 'up'],
          ['job', 'b'],
          ['zone', 'x'],
        ],
      ],
      'up',
    );
    expect(names).toEqual(['{job="a"}', '{job="b"}']);
    expect(shortNames([[]], 'sum(up)')).toEqual(['sum(up)']);
    expect(shortNames([[['job', 'a']], []], 'q')).toEqual(['{job="a"}', 'q']);
  });
});

test('labels that all rows share are told once', () => {
  const of = (...pairs: [string, string][]) => pairs;
  expect(commonLabels([of(['a', '1'], ['b', '2']), of(['a', '1'], ['b', '3'])])).toEqual([['a', '1']]);
  expect(commonLabels([of(['a', '1']), of()])).toEqual([]);
  expect(commonLabels([of(['a', '1'])])).toEqual([]);
});

test('a moving range asks for the same instants again', () => {
  const a = gridOf({ from: 1_000_001, to: 4_600_001 });
  const b = gridOf({ from: 1_000_003, to: 4_600_003 });
  expect(a).toEqual(b);
  expect(a.startMs % a.stepMs).toBe(0);
  for (const length of [1000, 60_000, 3_600_000, 86_400_000, 90 * 86_400_000]) {
    const grid = gridOf({ from: 1_700_000_000_000, to: 1_700_000_000_000 + length });
    expect((grid.endMs - grid.startMs) / grid.stepMs).toBeLessThanOrEqual(400);
    expect(grid.endMs).toBeGreaterThanOrEqual(grid.startMs);
  }
});

test('a panel keeps the 25 highest of many series, says how many there are, and leaves out what cannot be drawn', () => {
  const grid = { startMs: 0, endMs: 2000, stepMs: 1000 };
  const series = Array.from({ length: 40 }, (_, i) => ({
    labels: [['i', String(i)]] as const,
    times: [0, 2000],
    values: [i, i === 39 ? Number.POSITIVE_INFINITY : 12_345_678.9],
  }));
  const { panel, undrawn } = gridPanel(
    series,
    grid,
    { from: 0, to: 2000 },
    { id: 'x', query: 'q', unit: 'number' },
  );
  expect(panel.series).toHaveLength(25);
  expect(panel.seriesTotal).toBe(40);
  expect(undrawn).toBe(1);
  expect(panel.series[0]?.values).toEqual([0, null, 12_345_678.9]);
  expect(JSON.stringify(panel)).not.toContain('Infinity');
});

test('queries of one unit share a panel, each series under the letter of its query', () => {
  const a = { letter: 'A', panel: testPanel({ values: { x: [1, 2] } }) };
  const b = {
    letter: 'B',
    panel: { ...testPanel({ values: { x: [3, 4] } }), times: [a.panel.times[1] ?? 0, 9e12] },
  };
  const c = { letter: 'C', panel: { ...testPanel({ values: { y: [5, 6] } }), unit: 'bytes' as const } };
  expect(groupByUnit([a, b, c]).map((group) => group.map(({ letter }) => letter))).toEqual([
    ['A', 'B'],
    ['C'],
  ]);
  const merged = mergePanels([a, b]);
  expect(merged?.series.map(({ name, values }) => [name, values])).toEqual([
    ['A · x', [1, 2, null]],
    ['B · x', [null, 3, 4]],
  ]);
  expect(merged?.seriesTotal).toBe(2);
  expect(mergePanels([])).toBeUndefined();
});

test('letters count the queries', () => {
  expect([0, 1, 9].map(queryLetter)).toEqual(['A', 'B', 'J']);
});

test('the axis begins at zero unless that would flatten the line', () => {
  const axisOf = (values: number[]) => {
    const panel = { ...testPanel({ values: { a: values } }), unit: 'number' as const };
    return fittedAxis(panel, new Set(['a']));
  };
  expect(axisOf([0, 50, 100]).min).toBe(0);
  const fitted = axisOf([1_000_000, 1_000_040]);
  expect(fitted.min).toBeGreaterThan(999_900);
  expect(fitted.max).toBeGreaterThanOrEqual(1_000_040);
  expect(new Set(fitted.labels).size).toBe(fitted.ticks.length);
  expect(axisOf([5, 5]).min).toBe(0);
  expect(axisOf([-100, -99]).max).toBeLessThan(0);
});

test('the legend sums up each series and sorts, with what is missing last', () => {
  const panel = testPanel({ values: { a: [1, 3, null], b: [5, null, 2], c: [null, null, null] } });
  const rows = legendRows(panel);
  expect(rows[0]).toEqual({ key: 'a', name: 'a', last: null, min: 1, max: 3, mean: 2 });
  expect(sortLegend(rows, 'max', true).map(({ key }) => key)).toEqual(['b', 'a', 'c']);
  expect(sortLegend(rows, 'last', false).map(({ key }) => key)).toEqual(['b', 'a', 'c']);
  expect(sortLegend(rows, 'name', true).map(({ key }) => key)).toEqual(['c', 'b', 'a']);
});

test('a CSV of a table defuses formulas in labels and leaves numbers as they are', () => {
  const result: TableResult = {
    kind: 'table',
    at: Date.UTC(2026, 10, 20, 12),
    type: 'vector',
    unit: 'number',
    rows: [
      {
        labels: [
          ['__name__', 'm'],
          ['path', '=HYPERLINK("http://x")'],
        ],
        value: '-1.5e-07',
      },
      { labels: [['path', '@a,b']], value: '+Inf' },
      { labels: [['path', '-1']], value: 'not a number' },
    ],
    rowsTotal: 3,
  };
  expect(tableCsv(result).split('\r\n')).toEqual([
    '__name__,path,time,value',
    'm,"\'=HYPERLINK(""http://x"")",2026-11-20T12:00:00.000Z,-1.5e-07',
    ',"\'@a,b",2026-11-20T12:00:00.000Z,+Inf',
    ",'-1,2026-11-20T12:00:00.000Z,not a number",
    '',
  ]);
});
