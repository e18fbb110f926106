import type { PanelModel } from './panel.ts';
import { summariseSeries } from './panel-summary.ts';

export interface LegendRow {
  readonly key: string;
  readonly name: string;
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

export const LEGEND_SORTS = ['name', 'last', 'min', 'max', 'mean'] as const;
export type LegendSort = (typeof LEGEND_SORTS)[number];

/** Each series in numbers. `last` is its value at the end of the range: null when it is no longer there. */
export function legendRows(panel: PanelModel): LegendRow[] {
  const end = lastFilled(panel);
  return panel.series.map((series) => {
    const { lowest, highest } = summariseSeries(series, panel.times);
    let sum = 0;
    let count = 0;
    for (const value of series.values) {
      if (value === null) continue;
      sum += value;
      count++;
    }
    return {
      key: series.key,
      name: series.name,
      last: series.values[end] ?? null,
      min: lowest,
      max: highest,
      mean: count === 0 ? null : sum / count,
    };
  });
}

/** The last point at which any series has a value: data that is still under way is not missing. */
function lastFilled(panel: PanelModel): number {
  for (let i = panel.times.length - 1; i > 0; i--)
    if (panel.series.some(({ values }) => (values[i] ?? null) !== null)) return i;
  return 0;
}

/** Numbers largest first, names from A; what has no number goes last either way. */
export function sortLegend(
  rows: readonly LegendRow[],
  by: LegendSort,
  descending: boolean,
): readonly LegendRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (by === 'name') return sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const x = a[by];
    const y = b[by];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (x - y);
  });
}
