'use client';

import { type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { setCrosshair, useCrosshair } from './crosshair.ts';
import type { PlotBox, SeriesLook } from './layout.ts';
import { PointTip } from './point-tip.tsx';

/** Less than this is a shaky click and not a drag. */
const DRAG_PX = 6;

/** Crosshair, tooltip and drag-to-zoom over a plot. A finger reads values; zooming by finger is done in the time bar. */
export function HoverLayer({
  panel,
  shown,
  looks,
  box,
  onZoom,
}: {
  readonly panel: PanelModel;
  readonly shown: ReadonlySet<string>;
  readonly looks: ReadonlyMap<string, SeriesLook>;
  readonly box: PlotBox;
  readonly onZoom: ((range: TimeRange) => void) | undefined;
}) {
  const id = useId();
  const layer = useRef<HTMLDivElement>(null);
  const crosshair = useCrosshair();
  const time = useTimeText();
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const { from, to } = panel.range;

  const toX = (at: number) => ((at - from) / (to - from)) * box.width;
  const xOf = (event: PointerEvent) => {
    const left = layer.current?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.min(box.width, event.clientX - left));
  };
  const atX = (x: number) => from + (x / box.width) * (to - from);

  const onMove = (event: PointerEvent) => {
    const x = xOf(event);
    setCrosshair({ at: atX(x), owner: id });
    if (drag) setDrag({ ...drag, to: x });
  };
  const onDown = (event: PointerEvent) => {
    const x = xOf(event);
    setCrosshair({ at: atX(x), owner: id });
    if (event.button !== 0 || event.pointerType === 'touch' || !onZoom) return;
    layer.current?.setPointerCapture(event.pointerId);
    setDrag({ from: x, to: x });
  };
  const onUp = () => {
    setDrag(undefined);
    if (!drag || !onZoom || Math.abs(drag.to - drag.from) < DRAG_PX) return;
    setCrosshair(undefined);
    onZoom({ from: atX(Math.min(drag.from, drag.to)), to: atX(Math.max(drag.from, drag.to)) });
  };
  const leave = (event: PointerEvent) => {
    // A finger that is lifted has left too; its values stay until the next tap elsewhere.
    if (!drag && event.pointerType !== 'touch') setCrosshair(undefined);
  };
  const owned = crosshair?.owner === id;
  useEffect(() => {
    if (!owned) return;
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !layer.current?.contains(event.target)) setCrosshair(undefined);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [owned]);

  const at = crosshair && crosshair.at >= from && crosshair.at <= to ? crosshair.at : undefined;
  const index = at === undefined ? -1 : nearest(panel.times, at);
  const snapped = panel.times[index];
  return (
    <div
      ref={layer}
      onPointerMove={onMove}
      onPointerDown={onDown}
      onPointerUp={onUp}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={leave}
      className="absolute cursor-crosshair touch-pan-y select-none"
      style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
    >
      {snapped !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-y-0 w-px bg-muted/70"
          style={{ left: toX(snapped) }}
        />
      )}
      {drag && Math.abs(drag.to - drag.from) >= DRAG_PX && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/15"
          style={{ left: Math.min(drag.from, drag.to), width: Math.abs(drag.to - drag.from) }}
        />
      )}
      {snapped !== undefined && owned && !drag && (
        <PointTip
          panel={panel}
          index={index}
          title={time.dateTime(snapped)}
          shown={shown}
          looks={looks}
          x={toX(snapped)}
          plotWidth={box.width}
        />
      )}
    </div>
  );
}

function nearest(times: readonly number[], at: number): number {
  const first = times[0];
  const second = times[1];
  if (first === undefined) return -1;
  if (second === undefined) return 0;
  return Math.max(0, Math.min(times.length - 1, Math.round((at - first) / (second - first))));
}
