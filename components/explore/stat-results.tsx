'use client';

import { Card } from '#components/ui/card.tsx';
import { Sparkline } from '#components/ui/sparkline.tsx';
import { legendRows } from '#lib/show/explore-legend.ts';
import { formatValue } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';

/** Each series as one large number, its last, with how it went. */
export function StatResults({
  graph,
}: {
  readonly graph: { readonly letter: string; readonly panel: PanelModel };
}) {
  const { letter, panel } = graph;
  const values = new Map(panel.series.map((series) => [series.key, series.values]));
  return (
    <Card title={`${letter} · ${panel.title}`} flush>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(14rem,100%),1fr))] gap-px border-t bg-line">
        {legendRows(panel).map((row) => (
          <li key={row.key} className="min-w-0 bg-surface px-3 py-2.5 sm:px-4">
            <p title={row.key} className="line-clamp-2 font-mono text-xs break-all text-muted">
              {row.name}
            </p>
            <div className="flex items-end justify-between gap-3">
              <p className="text-2xl leading-9 font-semibold whitespace-nowrap">
                {row.last === null ? (
                  <span className="text-base text-muted">no longer there</span>
                ) : (
                  formatValue(row.last, panel.unit)
                )}
              </p>
              <Sparkline values={values.get(row.key) ?? []} />
            </div>
            <p className="text-xs text-muted">
              {formatValue(row.min, panel.unit)} to {formatValue(row.max, panel.unit)}
            </p>
          </li>
        ))}
      </ul>
      {panel.seriesTotal > panel.series.length && (
        <p className="border-t px-3 py-2 text-xs text-muted sm:px-4">
          {panel.series.length} of {panel.seriesTotal} series: those with the highest peaks.
        </p>
      )}
    </Card>
  );
}
