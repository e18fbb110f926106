'use client';

import { type PointerEvent, useMemo, useState } from 'react';
import type { TraceModel } from '#lib/show/waterfall.ts';
import { minimapPaths, type TimeWindow } from '#lib/show/waterfall-rows.ts';

const HEIGHT = 48;
/** A shorter drag is a click. */
const LEAST_DRAG = 0.01;

/** The whole trace in small; dragging over it zooms the waterfall. The span details offer the same by button. */
export function Minimap({
  trace,
  colours,
  window,
  onZoom,
}: {
  readonly trace: TraceModel;
  readonly colours: ReadonlyMap<string, string>;
  readonly window: TimeWindow;
  readonly onZoom: (window: TimeWindow | undefined) => void;
}) {
  const paths = useMemo(() => minimapPaths(trace.rows, trace.durationUs, HEIGHT), [trace]);
  const [drag, setDrag] = useState<readonly [from: number, to: number]>();
  const shareAt = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const finish = () => {
    if (drag) {
      const [from, to] = drag[0] < drag[1] ? drag : [drag[1], drag[0]];
      if (to - from > LEAST_DRAG) onZoom({ startUs: from * trace.durationUs, endUs: to * trace.durationUs });
    }
    setDrag(undefined);
  };
  const scale = trace.durationUs > 0 ? 1000 / trace.durationUs : 0;
  const left = window.startUs * scale;
  const right = window.endUs * scale;
  const thickness = Math.min(3, Math.max(1, (HEIGHT / trace.rows.length) * 0.7));
  return (
    <svg
      aria-hidden
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      className="my-2 block w-full cursor-crosshair touch-pan-y border-y bg-canvas/60"
      style={{ height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = shareAt(event);
        setDrag([at, at]);
      }}
      onPointerMove={(event) => drag && setDrag([drag[0], shareAt(event)])}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(undefined)}
    >
      {[...paths].map(([service, d]) => (
        <path key={service} d={d} fill="none" stroke={colours.get(service)} strokeWidth={thickness} />
      ))}
      {left > 0 && <rect x={0} y={0} width={left} height={HEIGHT} className="fill-surface" opacity={0.75} />}
      {right < 1000 && (
        <rect x={right} y={0} width={1000 - right} height={HEIGHT} className="fill-surface" opacity={0.75} />
      )}
      {drag && (
        <rect
          x={Math.min(...drag) * 1000}
          y={0}
          width={Math.abs(drag[1] - drag[0]) * 1000}
          height={HEIGHT}
          className="fill-accent"
          opacity={0.25}
        />
      )}
    </svg>
  );
}
