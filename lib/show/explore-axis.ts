import { extent, type ValueAxis, valueAxis } from './axis.ts';
import { formatTicks } from './format.ts';
import type { PanelModel } from './panel.ts';

/** Values that vary by less than this share of their size would be a flat line on an axis from zero. */
const FLAT = 0.2;

/** An axis from zero, as on every chart; but values that are large and vary little get one that shows how they vary. */
export function fittedAxis(panel: PanelModel, shown: ReadonlySet<string>): ValueAxis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { key, values } of panel.series) {
    if (!shown.has(key)) continue;
    for (const value of values) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const spread = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isFlat = low * high > 0 && spread > size * 1e-9 && spread < size * FLAT;
  if (!isFlat || panel.draw === 'stacked') {
    const reach = extent(panel, shown);
    return valueAxis(reach.low, reach.high, panel.unit);
  }
  const ticks = valueAxis(0, spread, panel.unit).ticks;
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const places = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(15)),
  );
  return { min: first * step, max: last * step, ticks: places, labels: formatTicks(places, panel.unit) };
}
