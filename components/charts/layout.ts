import { type TimeTick, timeTicks, type ValueAxis } from '#lib/show/axis.ts';
import { assignColours, chartColour } from '#lib/show/colours.ts';
import type { PanelModel } from '#lib/show/panel.ts';

/** Px around the plot; fixed, so that the layer above knows where the plot is without asking the chart. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const BOTTOM = 22;
const RIGHT = 12;

export function plotBox(axis: ValueAxis, width: number, height: number, hasFlags: boolean): PlotBox {
  const longest = Math.max(...axis.labels.map((label) => label.length));
  const left = Math.max(32, Math.ceil(longest * 6.6) + 12);
  const top = hasFlags ? 22 : 8;
  return {
    left,
    top,
    width: Math.max(10, width - left - RIGHT),
    height: Math.max(10, height - top - BOTTOM),
  };
}

export function axisTicks(panel: PanelModel, box: PlotBox, zone: string): TimeTick[] {
  return timeTicks(panel.range, Math.max(2, Math.floor(box.width / 72)), zone);
}

export interface SeriesLook {
  readonly colour: string;
  /** Later series are dashed too, so that colour is not all that tells them apart. */
  readonly dash: string | undefined;
}

const DASHES = [undefined, '6 3', '2 3', '8 3 2 3'];

export function seriesLooks(panel: PanelModel): Map<string, SeriesLook> {
  const colours = assignColours(panel.series.map((s) => s.key));
  return new Map(
    panel.series.map((s, i) => [
      s.key,
      { colour: chartColour(colours.get(s.key) ?? 0), dash: DASHES[Math.floor(i / 3) % DASHES.length] },
    ]),
  );
}
