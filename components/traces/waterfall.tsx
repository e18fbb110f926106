'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useWidth } from '#components/charts/use-width.ts';
import { valueAxis } from '#lib/show/axis.ts';
import { formatDuration } from '#lib/show/format.ts';
import type { TraceModel } from '#lib/show/waterfall.ts';
import { treeMove } from '#lib/show/waterfall-keys.ts';
import { revealed, type TimeWindow, visibleRows } from '#lib/show/waterfall-rows.ts';
import { WaterfallLine } from './waterfall-line.tsx';

/** Below this width the name stands over its bar instead of beside it. */
const NARROW_PX = 640;
const ROW_PX = { wide: 28, narrow: 44 };
const NAME_SHARE = 0.38;
const MOST_PX = 640;
/** Room that a tick needs to its right. */
const LABEL_PX = 56;

/**
 * The spans as a tree with their bars. One tab stop: ↑ ↓ move, ← closes or goes up, → opens or goes down, Enter shows
 * the details. Only the rows in sight are in the page.
 */
export function Waterfall({
  trace,
  colours,
  window,
  selected,
  onSelect,
  onOpen,
}: {
  readonly trace: TraceModel;
  readonly colours: ReadonlyMap<string, string>;
  readonly window: TimeWindow;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  readonly onOpen: () => void;
}) {
  const { rows } = trace;
  const id = useId();
  const { ref, width } = useWidth<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(new Set());
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed]);
  const narrow = width > 0 && width < NARROW_PX;
  const rowPx = narrow ? ROW_PX.narrow : ROW_PX.wide;
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights change with the layout only
  useEffect(() => virtualizer.measure(), [rowPx]);

  const reveal = (index: number) => setCollapsed((before) => revealed(rows, before, index));
  const at = selected === undefined ? -1 : visible.indexOf(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the selection scrolls
  useEffect(() => {
    if (selected === undefined) return;
    if (at < 0) reveal(selected);
    else virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [selected, at >= 0]);

  const toggle = (index: number, open: boolean) => {
    setCollapsed((before) => {
      const next = new Set(before);
      if (open) next.delete(index);
      else next.add(index);
      return next;
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(event.key, { rows, visible, collapsed, selected });
    if (!move) return;
    event.preventDefault();
    if (move.do === 'select') onSelect(move.index);
    else if (move.do === 'toggle') toggle(move.index, move.open);
    else onOpen();
  };
  const height = Math.min(MOST_PX, visible.length * rowPx);
  return (
    <div ref={ref} className="min-w-0">
      <Ruler window={window} narrow={narrow} width={width} />
      <div
        ref={scroller}
        role="tree"
        tabIndex={0}
        aria-label="Spans of the trace"
        aria-activedescendant={at >= 0 ? `${id}-${selected}` : undefined}
        onKeyDown={onKey}
        className="relative overflow-y-auto focus-visible:-outline-offset-2"
        style={{ height }}
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const index = visible[item.index] ?? 0;
            const row = rows[index];
            if (!row) return null;
            return (
              <WaterfallLine
                key={index}
                id={`${id}-${index}`}
                row={row}
                colour={colours.get(row.service)}
                window={window}
                top={item.start}
                height={rowPx}
                narrow={narrow}
                nameShare={NAME_SHARE}
                open={!collapsed.has(index)}
                selected={index === selected}
                onToggle={(open) => toggle(index, open)}
                onChoose={() => {
                  onSelect(index);
                  onOpen();
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Ruler({
  window,
  narrow,
  width,
}: {
  readonly window: TimeWindow;
  readonly narrow: boolean;
  readonly width: number;
}) {
  const wholeMs = (window.endUs - window.startUs) / 1000;
  const room = narrow ? width : width * (1 - NAME_SHARE);
  const { ticks } = valueAxis(0, wholeMs, 'ms', Math.max(2, Math.floor(room / 110)));
  return (
    <div aria-hidden className="relative h-6 border-b text-xs text-muted">
      <div className="absolute inset-y-0 right-0" style={{ left: narrow ? 0 : `${NAME_SHARE * 100}%` }}>
        {ticks
          .filter((tick) => (1 - tick / wholeMs) * room > LABEL_PX)
          .map((tick) => (
            <span
              key={tick}
              className="absolute inset-y-0 border-l pl-1 leading-6 whitespace-nowrap"
              style={{ left: `${wholeMs > 0 ? (tick / wholeMs) * 100 : 0}%` }}
            >
              {formatDuration(window.startUs / 1000 + tick)}
            </span>
          ))}
      </div>
    </div>
  );
}
