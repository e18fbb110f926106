import type { PanelModel } from './panel.ts';

/** A small panel for tests: one series per name, a point every 10 s from 2026-11-20 12:00 UTC. */
export function testPanel(given: {
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly draw?: PanelModel['draw'];
  readonly title?: string;
}): PanelModel {
  const from = Date.UTC(2026, 10, 20, 12);
  const series = Object.entries(given.values).map(([key, values]) => ({ name: key, key, values }));
  const length = series[0]?.values.length ?? 0;
  return {
    id: 'test',
    title: given.title ?? 'Test',
    description: 'A test.',
    unit: 'ms',
    draw: given.draw ?? 'line',
    range: { from, to: from + length * 10_000 },
    times: Array.from({ length }, (_, i) => from + (i + 1) * 10_000),
    series,
    seriesTotal: series.length,
    markers: [],
    thresholds: [],
  };
}
