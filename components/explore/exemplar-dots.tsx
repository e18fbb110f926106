'use client';

import type { PlotBox } from '#components/charts/layout.ts';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { ValueAxis } from '#lib/show/axis.ts';
import type { ExemplarDot } from '#lib/show/explore.ts';
import { formatValue } from '#lib/show/format.ts';
import type { Unit } from '#lib/show/panel.ts';

/** px of what can be hit; the dot itself is smaller */
const TARGET = 18;

/**
 * Single observations on a graph; a click opens the trace. Where they are in the graph's unit they stand at their
 * value, else along its lower edge. By keyboard the traces are reached in the list below the graph.
 */
export function ExemplarDots({
  dots,
  unit,
  range,
  axis,
  box,
}: {
  readonly dots: readonly ExemplarDot[];
  readonly unit: Unit;
  readonly range: TimeRange;
  readonly axis: ValueAxis | undefined;
  readonly box: PlotBox;
}) {
  const time = useTimeText();
  return (
    <div aria-hidden>
      {dots.map((dot) => {
        const x = (dot.at - range.from) / (range.to - range.from);
        if (!(x >= 0 && x <= 1)) return null;
        const rise = axis ? (dot.value - axis.min) / (axis.max - axis.min) : 0;
        const y = box.top + box.height * (1 - Math.max(0, Math.min(1, rise)));
        return (
          <TimeLink
            key={`${dot.traceId} ${dot.at} ${dot.value}`}
            href={`/traces/${encodeURIComponent(dot.traceId)}`}
            prefetch={false}
            tabIndex={-1}
            title={`${formatValue(dot.value, unit)} at ${time.clock(dot.at)}: open the trace`}
            className="group absolute grid place-items-center"
            style={{
              left: box.left + x * box.width - TARGET / 2,
              top: y - TARGET / 2,
              width: TARGET,
              height: TARGET,
            }}
          >
            <span className="size-2 rotate-45 border border-surface bg-info outline outline-info group-hover:size-2.5 group-hover:bg-accent" />
          </TimeLink>
        );
      })}
    </div>
  );
}
