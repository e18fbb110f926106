import { ChevronDown, ChevronRight, CircleX, TriangleAlert } from 'lucide-react';
import { classNames } from '#components/ui/class-names.ts';
import { formatDuration } from '#lib/show/format.ts';
import type { WaterfallRow } from '#lib/show/waterfall.ts';
import { barIn, type TimeWindow } from '#lib/show/waterfall-rows.ts';

const INDENT_PX = 12;
/** Deeper spans stand at the same place and say their level: thousands of steps have no room. */
const DEEPEST = 14;
/** A bar that ends behind this share of the width has its duration written before it. */
const LABEL_LEFT_FROM = 0.8;

/** One span: its place in the tree, its service and name, its bar with the critical path in it. */
export function WaterfallLine({
  id,
  row,
  colour,
  window,
  top,
  height,
  narrow,
  nameShare,
  open,
  selected,
  onToggle,
  onChoose,
}: {
  readonly id: string;
  readonly row: WaterfallRow;
  readonly colour: string | undefined;
  readonly window: TimeWindow;
  readonly top: number;
  readonly height: number;
  readonly narrow: boolean;
  readonly nameShare: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly onToggle: (open: boolean) => void;
  readonly onChoose: () => void;
}) {
  const indent = Math.min(row.depth, narrow ? DEEPEST / 2 : DEEPEST) * INDENT_PX;
  const Arrow = open ? ChevronDown : ChevronRight;
  const duration = formatDuration(row.durationUs / 1000);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the tree, which names the active item
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
    <div
      id={id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={row.descendants > 0 ? open : undefined}
      aria-label={`${row.service} ${row.name}, ${duration}${row.error ? ', error' : ''}${row.path ? ', on the critical path' : ''}`}
      onClick={onChoose}
      className={classNames(
        'absolute inset-x-0 flex cursor-pointer border-b border-line/50 text-[0.8125rem]',
        narrow ? 'flex-col justify-center gap-0.5 px-2' : 'items-center',
        selected ? 'bg-accent-soft' : 'hover:bg-raised/70',
      )}
      style={{ top, height }}
    >
      <div
        className={classNames('flex min-w-0 items-center', !narrow && 'h-full pl-2')}
        style={narrow ? undefined : { width: `${nameShare * 100}%` }}
      >
        <span
          aria-hidden
          className="h-full shrink-0 self-stretch"
          style={{
            width: indent,
            backgroundImage: `repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px ${INDENT_PX}px)`,
          }}
        />
        {row.descendants > 0 ? (
          <span
            aria-hidden
            className="grid size-6 shrink-0 place-items-center rounded text-muted hover:text-text"
            onClick={(event) => {
              event.stopPropagation();
              onToggle(!open);
            }}
          >
            <Arrow className="size-4" />
          </span>
        ) : (
          <span className="w-6 shrink-0" />
        )}
        <span aria-hidden className="mr-1.5 h-3.5 w-1 shrink-0 rounded-full" style={{ background: colour }} />
        {row.error && <CircleX aria-hidden className="mr-1 size-3.5 shrink-0 text-critical" />}
        {row.details.warnings && (
          <TriangleAlert aria-hidden className="mr-1 size-3.5 shrink-0 text-warning" />
        )}
        <span className="truncate">
          <span className="text-muted">{row.service}</span> {row.name || '(no name)'}
          {!open && <span className="text-muted"> +{row.descendants.toLocaleString('en-US')}</span>}
          {row.depth > DEEPEST && <span className="text-xs text-muted"> level {row.depth + 1}</span>}
        </span>
      </div>
      <div className={narrow ? 'relative h-4' : 'relative h-full flex-1 border-l'}>
        <Bar row={row} colour={colour} window={window} label={duration} />
      </div>
    </div>
  );
}

function Bar({
  row,
  colour,
  window,
  label,
}: {
  readonly row: WaterfallRow;
  readonly colour: string | undefined;
  readonly window: TimeWindow;
  readonly label: string;
}) {
  const bar = barIn(window, row.startUs, row.startUs + row.durationUs);
  if (!bar) return null;
  const end = bar.left + bar.width;
  const labelAt =
    end <= LABEL_LEFT_FROM
      ? { left: `calc(${end * 100}% + 6px)` }
      : bar.left > 1 - LABEL_LEFT_FROM
        ? { right: `calc(${(1 - bar.left) * 100}% + 6px)` }
        : { right: 6 };
  const inside = end > LABEL_LEFT_FROM && bar.left <= 1 - LABEL_LEFT_FROM;
  return (
    <>
      <span
        aria-hidden
        className={classNames(
          'absolute top-1/2 h-3 min-w-0.5 -translate-y-1/2 rounded-xs',
          row.error && 'outline-2 outline-critical',
        )}
        style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%`, background: colour }}
      />
      {row.path?.map(([startUs, endUs]) => {
        const part = barIn(window, startUs, endUs);
        return (
          part && (
            <span
              key={startUs}
              aria-hidden
              className="absolute top-[calc(50%+3px)] h-[3px] bg-text"
              style={{ left: `${part.left * 100}%`, width: `max(1px, ${part.width * 100}%)` }}
            />
          )
        );
      })}
      <span
        aria-hidden
        className={classNames(
          'absolute top-1/2 -translate-y-1/2 rounded-sm px-1 text-xs whitespace-nowrap',
          inside ? 'bg-surface/90 leading-4 text-text' : 'text-muted',
        )}
        style={labelAt}
      >
        {label}
      </span>
    </>
  );
}
