'use client';

import { useMemo, useState } from 'react';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { extent, valueAxis } from '#lib/show/axis.ts';
import { placeMarkers } from '#lib/show/markers.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { panelSummary } from '#lib/show/panel-summary.ts';
import { HoverLayer } from './hover-layer.tsx';
import { axisTicks, plotBox, seriesLooks } from './layout.ts';
import { Legend } from './legend.tsx';
import { MarkerFlags } from './marker-flags.tsx';
import { Plot } from './plot.tsx';
import { useWidth } from './use-width.ts';

export const CHART_HEIGHT = 200;

/** A panel's lines with crosshair, markers and legend. `onZoom` takes the range that was dragged. */
export function TimeSeriesChart({
  panel,
  height = CHART_HEIGHT,
  onZoom,
}: {
  readonly panel: PanelModel;
  /** px of the plot with its axes; the legend comes below. */
  readonly height?: number;
  readonly onZoom?: (range: TimeRange) => void;
}) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const time = useTimeText();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => {
    const keys = panel.series.map((series) => series.key);
    const left = keys.filter((key) => !hidden.has(key));
    // Series that were hidden may be all that a new range has.
    return new Set(left.length > 0 ? left : keys);
  }, [panel, hidden]);
  const looks = useMemo(() => seriesLooks(panel), [panel]);
  const drawn = useMemo(() => {
    const { low, high } = extent(panel, shown);
    const axis = valueAxis(low, high, panel.unit);
    const box = plotBox(axis, width, height, panel.markers.length > 0);
    return { axis, box, ticks: axisTicks(panel, box, time.zone) };
  }, [panel, shown, width, height, time.zone]);
  const { axis, box, ticks } = drawn;
  return (
    <figure className="min-w-0">
      <figcaption className="sr-only">{panelSummary(panel, time.dateTime)}</figcaption>
      <div ref={ref} className="relative" style={{ height }}>
        {width > 0 && (
          <>
            <div aria-hidden>
              <Plot {...{ panel, shown, axis, ticks, looks, box, width, height }} />
            </div>
            <HoverLayer {...{ panel, shown, looks, box, onZoom }} />
            <MarkerFlags flags={placeMarkers(panel.markers, panel.range, box.width)} box={box} />
          </>
        )}
      </div>
      <Legend panel={panel} shown={shown} looks={looks} onChange={setHidden} />
    </figure>
  );
}
