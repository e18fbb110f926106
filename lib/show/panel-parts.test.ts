import { describe, expect, test } from 'vitest';
import type { ChangeEvent } from '#lib/model/event.ts';
import { testFinding } from './finding.fixture.ts';
import { FLAG_PX, markersOf, placeMarkers } from './markers.ts';
import { dependencyRows, operationRows } from './operation-row.ts';
import { testPanel } from './panel.fixture.ts';
import { panelSummary } from './panel-summary.ts';
import { spanSeries } from './span-series.fixture.ts';
import { sparklinePath } from './sparkline.ts';
import { clockText } from './time-text.ts';

const FROM = Date.UTC(2026, 10, 20, 12);
const range = { from: FROM, to: FROM + 600_000 };

function deploy(over: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    id: '1',
    kind: 'deploy',
    service: 'orders',
    version: '1.4',
    at: FROM + 60_000,
    title: 'Deploy',
    url: '',
    attributes: [],
    ...over,
  };
}

describe('markers', () => {
  test('hold changes and onsets of the range, in order; what merely follows has no onset of its own', () => {
    const markers = markersOf(
      [deploy(), deploy({ at: FROM - 1 })],
      [
        testFinding({ firstSeen: FROM + 30_000 }),
        testFinding({ id: 'b', causedBy: 'a', firstSeen: FROM + 40_000 }),
      ],
      range,
    );
    expect(markers.map((marker) => [marker.kind, marker.title])).toEqual([
      ['onset', 'A finding'],
      ['deploy', 'Deploy (1.4)'],
    ]);
  });

  test('a link that is no web address is dropped', () => {
    expect(markersOf([deploy({ url: 'javascript:alert(1)' })], [], range)[0]?.link).toBeUndefined();
    expect(markersOf([deploy({ url: 'https://ci.test/1' })], [], range)[0]?.link).toBe('https://ci.test/1');
  });

  test('those too close together share a flag', () => {
    const markers = markersOf(
      [deploy(), deploy({ at: FROM + 61_000 }), deploy({ at: FROM + 300_000 })],
      [],
      range,
    );
    const flags = placeMarkers(markers, range, 600);
    expect(flags.map((flag) => [flag.x, flag.markers.length])).toEqual([
      [60, 2],
      [300, 1],
    ]);
    expect(flags[0]?.room).toBe(240 - FLAG_PX);
  });
});

test('a screen reader hears the last, lowest and highest value of each series', () => {
  const panel = testPanel({ title: 'Latency', values: { p95: [100, 350, null], p99: [null, null, null] } });
  expect(panelSummary(panel, (at) => clockText(at, 'UTC'))).toBe(
    'Latency. A test. p95: now 350 ms, lowest 100 ms, highest 350 ms at 12:00:20. p99: no data.',
  );
});

test('operations are ranked by the time they take; dependencies are grouped by whom they call', () => {
  const spans = [
    spanSeries({ operation: 'fast', buckets: [{ at: FROM, durations: [1], times: 600 }] }),
    spanSeries({ operation: 'slow', buckets: [{ at: FROM, durations: [100], times: 60, errors: 6 }] }),
    spanSeries({
      kind: 'client',
      operation: 'SELECT',
      peer: 'shop',
      buckets: [{ at: FROM, durations: [4], times: 10 }],
    }),
    spanSeries({
      kind: 'client',
      operation: 'INSERT',
      peer: 'shop',
      buckets: [{ at: FROM, durations: [8], times: 10 }],
    }),
    spanSeries({ kind: 'client', operation: 'GET', peer: '', buckets: [{ at: FROM, durations: [4] }] }),
  ];
  const operations = operationRows(spans.slice(0, 2), range);
  expect(operations.map((row) => [row.name, row.rate, row.errorRatio])).toEqual([
    ['slow', 0.1, 0.1],
    ['fast', 1, 0],
  ]);
  expect(dependencyRows(spans, range).map((row) => [row.name, row.calls])).toEqual([['shop', 20]]);
});

test.each([
  [[0, 10], 'M1.5 20.5L98.5 1.5'],
  [[5, null, 5], 'M1.5 1.5L1.5 1.5M98.5 1.5L98.5 1.5'],
  [[0, 0], 'M1.5 20.5L98.5 20.5'],
  [[], ''],
])('the small line of %j', (values, path) => {
  expect(sparklinePath(values, 100, 22)).toBe(path);
});
