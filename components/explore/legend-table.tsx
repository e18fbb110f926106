'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { type MouseEvent, useMemo, useState } from 'react';
import type { SeriesLook } from '#components/charts/layout.ts';
import { Swatch } from '#components/charts/legend.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { LEGEND_SORTS, type LegendSort, legendRows, sortLegend } from '#lib/show/explore-legend.ts';
import { formatValue } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';

const WORDS: Record<LegendSort, string> = {
  name: 'Series',
  last: 'Last',
  min: 'Min',
  max: 'Max',
  mean: 'Mean',
};
const WIDE_ONLY = 'max-sm:hidden';

/** Click shows one series alone and again all; with shift (or ⌘/Ctrl) it takes one in or out. The heads sort. */
export function LegendTable({
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
  const [sort, setSort] = useState<{ by: LegendSort; descending: boolean }>({ by: 'last', descending: true });
  const rows = useMemo(() => sortLegend(legendRows(panel), sort.by, sort.descending), [panel, sort]);
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
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <div className="px-1 pt-2 text-xs">
      <section className="max-h-64 overflow-auto rounded border" aria-label={`Series of ${panel.title}`}>
        <table className="w-full border-collapse">
          <caption className="sr-only">Series with their values</caption>
          <thead className="sticky top-0 z-10 bg-canvas">
            <tr>
              {LEGEND_SORTS.map((by) => (
                <th
                  key={by}
                  scope="col"
                  aria-sort={sort.by === by ? (sort.descending ? 'descending' : 'ascending') : undefined}
                  className={classNames(
                    'px-2 font-medium text-muted',
                    by === 'name' ? 'w-full text-left' : 'text-right',
                    (by === 'min' || by === 'mean') && WIDE_ONLY,
                  )}
                >
                  <button
                    type="button"
                    className="inline-flex min-h-6 items-center gap-1 whitespace-nowrap hover:text-text"
                    onClick={() =>
                      setSort({ by, descending: sort.by === by ? !sort.descending : by !== 'name' })
                    }
                  >
                    {WORDS[by]}
                    {sort.by === by && <Arrow aria-hidden className="size-3" />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {rows.map((row) => {
              const on = shown.has(row.key);
              return (
                <tr key={row.key} className={on ? undefined : 'opacity-50'}>
                  <td className="max-w-0 px-1">
                    <button
                      type="button"
                      aria-pressed={on}
                      title={`${row.key}: click to show alone, shift-click to hide or show`}
                      onClick={(event) => choose(row.key, event)}
                      className={classNames(
                        'flex min-h-6 max-w-full items-center rounded px-1 hover:bg-raised focus-visible:-outline-offset-2',
                        !on && 'line-through',
                      )}
                    >
                      <Swatch look={looks.get(row.key)} />
                      <span className="truncate font-mono">{row.name}</span>
                    </button>
                  </td>
                  <Value value={row.last} panel={panel} />
                  <Value value={row.min} panel={panel} className={WIDE_ONLY} />
                  <Value value={row.max} panel={panel} />
                  <Value value={row.mean} panel={panel} className={WIDE_ONLY} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {panel.seriesTotal > panel.series.length && (
        <p className="pt-1 text-muted">
          {panel.series.length} of {panel.seriesTotal} series: those with the highest peaks. Use topk(…) or
          sum by (…) to choose.
        </p>
      )}
    </div>
  );
}

function Value({
  value,
  panel,
  className,
}: {
  readonly value: number | null;
  readonly panel: PanelModel;
  readonly className?: string;
}) {
  return (
    <td className={classNames('px-2 text-right whitespace-nowrap', className)}>
      {formatValue(value, panel.unit)}
    </td>
  );
}
