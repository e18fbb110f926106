'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useState } from 'react';
import { useWidth } from '#components/charts/use-width.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Sheet } from '#components/ui/dialog.tsx';
import { assignColours, chartColour } from '#lib/show/colours.ts';
import { formatDuration } from '#lib/show/format.ts';
import type { TraceModel } from '#lib/show/waterfall.ts';
import type { TimeWindow } from '#lib/show/waterfall-rows.ts';
import { Minimap } from './minimap.tsx';
import { SpanDetailsPanel } from './span-details-panel.tsx';
import { Waterfall } from './waterfall.tsx';

/** From this width on the details stand beside the waterfall instead of over it. */
const BESIDE_PX = 1000;

/** Minimap, waterfall and the details of the span that the URL names (`?span=`). */
export function TraceExplorer({ trace }: { readonly trace: TraceModel }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [spanId, setSpanId] = useQueryState('span', parseAsString.withOptions({ history: 'replace' }));
  const whole: TimeWindow = { startUs: 0, endUs: trace.durationUs };
  const [zoom, setZoom] = useState<TimeWindow>();
  const selected = useMemo(() => {
    const index = spanId === null ? -1 : trace.rows.findIndex((row) => row.details.spanId === spanId);
    return index < 0 ? undefined : index;
  }, [trace, spanId]);
  const colours = useMemo(() => {
    const indices = assignColours(trace.services.map((service) => service.name));
    return new Map([...indices].map(([name, index]) => [name, chartColour(index)]));
  }, [trace]);
  const [open, setOpen] = useState(selected !== undefined);
  const beside = width >= BESIDE_PX;
  const row = selected === undefined ? undefined : trace.rows[selected];
  const select = (index: number | undefined) => {
    setSpanId(index === undefined ? null : (trace.rows[index]?.details.spanId ?? null)).catch(
      () => undefined,
    );
  };
  const details = row && (
    <SpanDetailsPanel
      row={row}
      trace={trace}
      colour={colours.get(row.service)}
      onZoom={() => setZoom({ startUs: row.startUs, endUs: row.startUs + Math.max(row.durationUs, 1) })}
    />
  );
  return (
    <div
      ref={ref}
      className={beside && details ? 'grid grid-cols-[minmax(0,1fr)_24rem] items-start gap-3' : ''}
    >
      <Card flush>
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 pt-2 text-xs text-muted sm:px-4">
          <ul className="flex flex-wrap gap-x-3" aria-label="Services">
            {trace.services.map(({ name, spans }) => (
              <li key={name} className="inline-flex items-center gap-1.5">
                <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colours.get(name) }} />
                {name} ({spans.toLocaleString('en-US')})
              </li>
            ))}
            <li className="inline-flex items-center gap-1.5">
              <span aria-hidden className="h-0.5 w-4 bg-text" /> critical path
            </li>
          </ul>
          {zoom && (
            <Button size="sm" onClick={() => setZoom(undefined)}>
              Show the whole trace ({formatDuration(trace.durationUs / 1000)})
            </Button>
          )}
        </div>
        <Minimap trace={trace} colours={colours} window={zoom ?? whole} onZoom={setZoom} />
        <Waterfall
          trace={trace}
          colours={colours}
          window={zoom ?? whole}
          selected={selected}
          onSelect={select}
          onOpen={() => setOpen(true)}
        />
      </Card>
      {beside ? (
        details && (
          <div className="sticky top-15 max-h-[calc(100dvh-4.5rem)] overflow-y-auto">
            <Card>{details}</Card>
          </div>
        )
      ) : (
        <Sheet open={open && row !== undefined} onClose={() => setOpen(false)} title="Span">
          {details}
        </Sheet>
      )}
    </div>
  );
}
