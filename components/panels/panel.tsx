'use client';

import { ChartLine, Code, Compass, Download, Link2, Table2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { CHART_HEIGHT, TimeSeriesChart } from '#components/charts/time-series-chart.tsx';
import { ValuesTable } from '#components/charts/values-table.tsx';
import { useTimeHref } from '#components/time/time-link.tsx';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { useZone } from '#components/time/use-time-text.ts';
import { Card } from '#components/ui/card.tsx';
import { copyText } from '#components/ui/copy-button.tsx';
import { Menu, type MenuItem } from '#components/ui/menu.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { InfoTip } from '#components/ui/tooltip.tsx';
import { panelCsv } from '#lib/show/csv.ts';
import { exploreHref } from '#lib/show/explore-link.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { type PanelSource, usePanelActions } from './panel-actions.tsx';

const LEGEND_HEIGHT = 32;

/** A chart in a card: title, what it means, and a menu (table, CSV, link, and what the page adds). */
export function Panel({
  panel,
  source,
  height = CHART_HEIGHT,
  chart,
}: {
  readonly panel: PanelModel;
  /** How to ask for this panel alone; needed by "Embed…". */
  readonly source?: PanelSource;
  readonly height?: number;
  /** Drawn in place of the usual chart. */
  readonly chart?: ReactNode;
}) {
  const [asTable, setAsTable] = useState(false);
  const [note, setNote] = useState('');
  const range = useTimeRange();
  const zone = useZone();
  const added = usePanelActions();
  const router = useRouter();
  const timeHref = useTimeHref();
  const explore = (query: string) => router.push(timeHref(exploreHref([query], panel.range)));
  const copy = (text: string, done: string) => {
    copyText(text).then(
      () => setNote(done),
      () => setNote('The browser did not allow copying'),
    );
  };
  const items: MenuItem[] = [
    asTable
      ? { label: 'Show as chart', icon: ChartLine, onSelect: () => setAsTable(false) }
      : { label: 'Show as table', icon: Table2, onSelect: () => setAsTable(true) },
    { label: 'Download CSV', icon: Download, onSelect: () => download(panel, zone) },
    { label: 'Copy link', icon: Link2, onSelect: () => copy(panelLink(panel), 'Link copied') },
    ...(panel.promql === undefined
      ? []
      : [{ label: 'Copy PromQL', icon: Code, onSelect: () => copy(panel.promql ?? '', 'Query copied') }]),
    ...(panel.promql === undefined || chart !== undefined || !range.changeable
      ? []
      : [{ label: 'Open in Explore', icon: Compass, onSelect: () => explore(panel.promql ?? '') }]),
    ...added.map((action) => ({
      label: action.label,
      ...(action.icon ? { icon: action.icon } : {}),
      onSelect: () => action.run(panel, source),
    })),
  ];
  return (
    <div id={panel.id} className="min-w-0 scroll-mt-16">
      <Card
        title={
          <span className="inline-flex items-center gap-1">
            {panel.title}
            <InfoTip text={panel.description} label={`What ${panel.title} shows`} />
          </span>
        }
        actions={
          <>
            <span role="status" className="text-xs text-muted">
              {note}
            </span>
            <Menu label={`${panel.title}: actions`} items={items} />
          </>
        }
        flush
      >
        <div className="px-2 pb-2">
          {panel.empty ? (
            <div className="grid place-items-center" style={{ minHeight: height + LEGEND_HEIGHT }}>
              <EmptyState
                title={panel.empty.reason}
                {...(panel.empty.action ? { action: panel.empty.action } : {})}
              />
            </div>
          ) : asTable ? (
            <ValuesTable panel={panel} height={height + LEGEND_HEIGHT} />
          ) : (
            (chart ?? (
              <TimeSeriesChart
                panel={panel}
                height={height}
                {...(range.changeable ? { onZoom: range.zoomTo } : {})}
              />
            ))
          )}
        </div>
      </Card>
    </div>
  );
}

/** Stands in for a panel of the same height. */
export function PanelSkeleton({
  title,
  height = CHART_HEIGHT,
}: {
  readonly title: string;
  readonly height?: number;
}) {
  return (
    <Card title={title} flush>
      <div role="status" aria-label={`${title} is loading`} className="px-4 pb-2">
        <div style={{ height: height + LEGEND_HEIGHT }}>
          <Skeleton className="h-full" />
        </div>
      </div>
    </Card>
  );
}

/** This panel on this page with the range as absolute times: the link shows the same thing tomorrow. */
function panelLink(panel: PanelModel): string {
  const url = new URL(window.location.href);
  url.searchParams.set('from', String(Math.round(panel.range.from)));
  url.searchParams.set('to', String(Math.round(panel.range.to)));
  url.searchParams.delete('refresh');
  url.hash = panel.id;
  return url.href;
}

function download(panel: PanelModel, zone: string): void {
  const url = URL.createObjectURL(new Blob([panelCsv(panel, zone)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${panel.id}-${new Date(panel.range.from).toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
