import type { Labels } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { seriesText, shortNames } from './explore.ts';
import type { PanelModel, PanelSeries, Unit } from './panel.ts';
import { MAX_SERIES } from './series-panel.ts';
import { stepFor } from './steps.ts';

/** One series of a range query: ascending times (ms) that lie on the grid. */
export interface GridSamples {
  readonly labels: Labels;
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface TimeGrid {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

const FINE_STEPS = [1000, 2000, 5000];
const MOST_POINTS = 400;

/**
 * The times at which a range is evaluated: whole multiples of the step, so that a moving range asks for the same
 * instants again. At most 400 of them.
 */
export function gridOf({ from, to }: TimeRange): TimeGrid {
  const least = (to - from) / MOST_POINTS;
  const stepMs = FINE_STEPS.find((step) => step >= least) ?? stepFor({ from, to }, MOST_POINTS);
  const startMs = Math.ceil(from / stepMs) * stepMs;
  return { startMs, endMs: Math.max(startMs, Math.floor(to / stepMs) * stepMs), stepMs };
}

export interface GridPanelSpec {
  readonly id: string;
  readonly query: string;
  readonly unit: Unit;
}

/** Enough digits that a large counter still rises on the screen. */
const DIGITS = 9;

/** A query's series as a panel: the 25 with the highest peaks, and how many there are. Nothing is folded or smoothed. */
export function gridPanel(
  series: readonly GridSamples[],
  grid: TimeGrid,
  range: TimeRange,
  { id, query, unit }: GridPanelSpec,
): { readonly panel: PanelModel; readonly undrawn: number } {
  const points = Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1;
  const times = Array.from({ length: points }, (_, i) => grid.startMs + i * grid.stepMs);
  let undrawn = 0;
  const peaks = series.map(({ values }) => {
    let peak = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value)) undrawn++;
      else if (Math.abs(value) > peak) peak = Math.abs(value);
    }
    return peak;
  });
  const order = series.map((_, i) => i);
  const shown =
    series.length > MAX_SERIES
      ? order.sort((a, b) => (peaks[b] ?? 0) - (peaks[a] ?? 0)).slice(0, MAX_SERIES)
      : order;
  const picked = shown.flatMap((i) => series[i] ?? []);
  const names = shortNames(
    picked.map(({ labels }) => labels),
    query,
  );
  return {
    panel: {
      id,
      title: query.replace(/\s+/g, ' ').trim(),
      description: `The result of ${query}`,
      unit,
      draw: 'line',
      range: { from: range.from, to: range.to },
      times,
      series: picked.map((one, i): PanelSeries => {
        const values = new Array<number | null>(points).fill(null);
        for (let k = 0; k < one.times.length; k++) {
          const value = one.values[k] ?? Number.NaN;
          const at = Math.round(((one.times[k] ?? 0) - grid.startMs) / grid.stepMs);
          if (Number.isFinite(value)) values[at] = Number(value.toPrecision(DIGITS));
        }
        return { name: names[i] ?? query, key: seriesText(one.labels), values };
      }),
      seriesTotal: series.length,
      markers: [],
      thresholds: [],
      promql: query,
      ...(series.length > 0 ? {} : { empty: { reason: 'The query has no result in this time range.' } }),
    },
    undrawn,
  };
}

/** One panel of one unit, with the letter of its query on each series when there are several. */
export function mergePanels(
  panels: readonly { readonly letter: string; readonly panel: PanelModel }[],
): PanelModel | undefined {
  const [first] = panels;
  if (!first) return undefined;
  if (panels.length === 1) return { ...first.panel, id: `query-${first.letter}` };
  const times = [...new Set(panels.flatMap(({ panel }) => panel.times))].sort((a, b) => a - b);
  const place = new Map(times.map((at, i) => [at, i]));
  const series = panels.flatMap(({ letter, panel }) =>
    panel.series.map(({ name, key, values }): PanelSeries => {
      const spread = new Array<number | null>(times.length).fill(null);
      values.forEach((value, i) => {
        const at = place.get(panel.times[i] ?? 0);
        if (at !== undefined) spread[at] = value;
      });
      return { name: `${letter} · ${name}`, key: `${letter} ${key}`, values: spread };
    }),
  );
  return {
    ...first.panel,
    id: `query-${panels.map(({ letter }) => letter).join('')}`,
    title: `Queries ${panels.map(({ letter }) => letter).join(', ')}`,
    description: panels.map(({ letter, panel }) => `${letter}: ${panel.title}`).join('; '),
    times,
    series,
    seriesTotal: panels.reduce((sum, { panel }) => sum + panel.seriesTotal, 0),
    promql: panels.map(({ panel }) => panel.promql ?? '').join('\n'),
  };
}

/** Panels that can share an axis, by unit, in the order in which the units first come. */
export function groupByUnit<P extends { readonly panel: PanelModel }>(panels: readonly P[]): P[][] {
  const groups = new Map<Unit, P[]>();
  for (const one of panels) {
    if (one.panel.series.length === 0) continue;
    const group = groups.get(one.panel.unit);
    if (group) group.push(one);
    else groups.set(one.panel.unit, [one]);
  }
  return [...groups.values()];
}
