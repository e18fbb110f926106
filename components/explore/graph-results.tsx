'use client';

import { useMemo } from 'react';
import { Panel } from '#components/panels/panel.tsx';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { ExemplarDot, Exemplars } from '#lib/show/explore.ts';
import { mergePanels } from '#lib/show/explore-panel.ts';
import { formatDuration } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { ExploreChart } from './explore-chart.tsx';
import { TraceList } from './trace-list.tsx';

interface Graph {
  readonly letter: string;
  readonly query: string;
  readonly panel: PanelModel;
  readonly stepMs: number;
  readonly undrawn: number;
  readonly exemplars: Exemplars;
}

/** Queries of one unit on one graph. */
export function GraphResults({
  group,
  onZoom,
}: {
  readonly group: readonly Graph[];
  readonly onZoom: ((range: TimeRange) => void) | undefined;
}) {
  const panel = useMemo(() => mergePanels(group), [group]);
  const dots = useMemo(() => distinct(group.flatMap(({ exemplars }) => exemplars.dots)), [group]);
  if (!panel) return null;
  const [first] = group;
  const queries = group.map(({ query }) => query);
  const undrawn = group.reduce((sum, graph) => sum + graph.undrawn, 0);
  const total = group.reduce((sum, { exemplars }) => sum + exemplars.total, 0);
  const unit = first?.exemplars.unit ?? 'number';
  return (
    <Panel
      panel={panel}
      source={{
        view: 'panel',
        params: {
          panel: 'explore.graph',
          queries: queries.length === 1 ? (queries[0] ?? '') : JSON.stringify(queries),
        },
      }}
      chart={
        <>
          <ExploreChart panel={panel} dots={dots} dotUnit={unit} onZoom={onZoom} />
          <p className="px-1 pt-1 text-xs text-muted">
            One point each {formatDuration(first?.stepMs ?? 0)}
            {undrawn > 0 && ` · ${undrawn} points are NaN or infinite and not drawn`}
          </p>
          {dots.length > 0 && <TraceList dots={dots} total={total} unit={unit} />}
        </>
      }
    />
  );
}

/** Two queries over the same histogram bring the same exemplars. */
function distinct(dots: readonly ExemplarDot[]): ExemplarDot[] {
  return [...new Map(dots.map((dot) => [`${dot.traceId} ${dot.at} ${dot.value}`, dot])).values()];
}
