import { formatValue } from './format.ts';
import type { PanelModel, PanelSeries } from './panel.ts';

export interface SeriesSummary {
  readonly last: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  /** When the highest value was reached, ms since the epoch. */
  readonly highestAt: number | undefined;
}

export function summariseSeries(series: PanelSeries, times: readonly number[]): SeriesSummary {
  let last: number | null = null;
  let lowest: number | null = null;
  let highest: number | null = null;
  let highestAt: number | undefined;
  series.values.forEach((value, i) => {
    if (value === null) return;
    last = value;
    if (lowest === null || value < lowest) lowest = value;
    if (highest === null || value > highest) {
      highest = value;
      highestAt = times[i];
    }
  });
  return { last, lowest, highest, highestAt };
}

/** What a chart shows, in sentences for a screen reader. At most eight series are read out. */
export function panelSummary(panel: PanelModel, timeText: (at: number) => string): string {
  if (panel.empty) return `${panel.title}: ${panel.empty.reason}`;
  const parts = panel.series.slice(0, 8).map((series) => {
    const { last, lowest, highest, highestAt } = summariseSeries(series, panel.times);
    if (last === null) return `${series.name}: no data.`;
    const write = (value: number | null) => formatValue(value, panel.unit);
    const when = highestAt === undefined ? '' : ` at ${timeText(highestAt)}`;
    return `${series.name}: now ${write(last)}, lowest ${write(lowest)}, highest ${write(highest)}${when}.`;
  });
  const more = panel.series.length > 8 ? ` And ${panel.series.length - 8} more series in the table.` : '';
  const marks = panel.markers.map((marker) => `${marker.kind} at ${timeText(marker.at)}: ${marker.title}.`);
  return (
    [`${panel.title}. ${panel.description}`, ...parts].join(' ') +
    more +
    (marks.length ? ` ${marks.join(' ')}` : '')
  );
}
