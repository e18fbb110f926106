import type { MouseEvent } from 'react';
import { classNames } from '#components/ui/class-names.ts';
import { formatValue } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { summariseSeries } from '#lib/show/panel-summary.ts';
import type { SeriesLook } from './layout.ts';

export function Swatch({ look }: { readonly look: SeriesLook | undefined }) {
  return (
    <svg aria-hidden width="14" height="8" className="mr-1 inline-block shrink-0">
      <line
        x1="0"
        x2="14"
        y1="4"
        y2="4"
        stroke={look?.colour}
        strokeWidth="3"
        strokeDasharray={look?.dash ? '4 2' : undefined}
      />
    </svg>
  );
}

/** Click shows one series alone and again all; with shift (or ⌘/Ctrl) it takes one in or out. */
export function Legend({
  panel,
  shown,
  looks,
  onChange,
}: {
  readonly panel: PanelModel;
  readonly shown: ReadonlySet<string>;
  readonly looks: ReadonlyMap<string, SeriesLook>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
}) {
  const keys = panel.series.map((series) => series.key);
  const choose = (key: string, event: MouseEvent) => {
    if (event.shiftKey || event.metaKey || event.ctrlKey) {
      const next = new Set(keys.filter((k) => (k === key ? shown.has(k) : !shown.has(k))));
      onChange(next.size === keys.length ? new Set() : next);
      return;
    }
    const alone = shown.size === 1 && shown.has(key);
    onChange(alone ? new Set() : new Set(keys.filter((k) => k !== key)));
  };
  return (
    <div className="flex items-start justify-between gap-3 px-1 pt-1 text-xs">
      <ul className="flex max-h-20 min-w-0 flex-wrap gap-x-1 overflow-y-auto" aria-label="Series">
        {panel.series.map((series) => {
          const on = shown.has(series.key);
          const { last } = summariseSeries(series, panel.times);
          return (
            <li key={series.key} className="max-w-full min-w-0">
              <button
                type="button"
                aria-pressed={on}
                title={`${series.name}: click to show alone, shift-click to hide or show`}
                onClick={(event) => choose(series.key, event)}
                className={classNames(
                  'flex min-h-6 max-w-full items-center rounded px-1 hover:bg-raised',
                  !on && 'line-through opacity-50',
                )}
              >
                <Swatch look={looks.get(series.key)} />
                <span className="truncate">{series.name}</span>
                <span className="ml-1.5 whitespace-nowrap text-muted">{formatValue(last, panel.unit)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {panel.seriesTotal > panel.series.length && (
        <span className="shrink-0 py-1 text-muted">
          {panel.series.length} of {panel.seriesTotal} series
        </span>
      )}
    </div>
  );
}
