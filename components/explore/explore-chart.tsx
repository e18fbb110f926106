'use client';

import { useMemo, useState } from 'react';
import { HoverLayer } from '#components/charts/hover-layer.tsx';
import { axisTicks, plotBox, seriesLooks } from '#components/charts/layout.ts';
import { Plot } from '#components/charts/plot.tsx';
import { useWidth } from '#components/charts/use-width.ts';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { ExemplarDot } from '#lib/show/explore.ts';
import { fittedAxis } from '#lib/show/explore-axis.ts';
import type { PanelModel, Unit } from '#lib/show/panel.ts';
import { panelSummary } from '#lib/show/panel-summary.ts';
import { ExemplarDots } from './exemplar-dots.tsx';
import { LegendTable } from './legend-table.tsx';

const HEIGHT = { wide: 320, narrow: 220 };
const NARROW = 520;

/** A graph with an axis that fits, dots that lead to traces, and a legend that is a table. */
export function ExploreChart({
  panel,
  dots,
  dotUnit,
  onZoom,
}: {
  readonly panel: PanelModel;
  readonly dots: readonly ExemplarDot[];
  readonly dotUnit: Unit;
  readonly onZoom: ((range: TimeRange) => void) | undefined;
}) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const time = useTimeText();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const height = width > 0 && width < NARROW ? HEIGHT.narrow : HEIGHT.wide;
  const shown = useMemo(() => {
    const keys = panel.series.map((series) => series.key);
    const left = keys.filter((key) => !hidden.has(key));
    // Series that were hidden may be all that a new range has.
    return new Set(left.length > 0 ? left : keys);
  }, [panel, hidden]);
  const looks = useMemo(() => seriesLooks(panel), [panel]);
  const { axis, box, ticks } = useMemo(() => {
    const fitted = fittedAxis(panel, shown);
    const room = plotBox(fitted, width, height, false);
    return { axis: fitted, box: room, ticks: axisTicks(panel, room, time.zone) };
  }, [panel, shown, width, height, time.zone]);
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
            <ExemplarDots
              dots={dots}
              unit={dotUnit}
              range={panel.range}
              axis={dotUnit === panel.unit ? axis : undefined}
              box={box}
            />
          </>
        )}
      </div>
      <LegendTable panel={panel} shown={shown} looks={looks} onChange={setHidden} />
    </figure>
  );
}
