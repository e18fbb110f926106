'use client';

import { useMemo } from 'react';
import { PanelSkeleton } from '#components/panels/panel.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState, ErrorState } from '#components/ui/states.tsx';
import type { TimeRange } from '#lib/model/time-range.ts';
import { type ExploreTab, queryLetter } from '#lib/show/explore.ts';
import { groupByUnit } from '#lib/show/explore-panel.ts';
import { GraphResults } from './graph-results.tsx';
import { StatResults } from './stat-results.tsx';
import { TableResults } from './table-results.tsx';
import type { Answer } from './use-answers.ts';

/** The answers of the queries that are not hidden, as the tab wants them. Faults stand at their queries. */
export function Results({
  answers,
  tab,
  onZoom,
}: {
  readonly answers: readonly Answer[];
  readonly tab: ExploreTab;
  readonly onZoom: ((range: TimeRange) => void) | undefined;
}) {
  const shown = answers
    .map((answer, i) => ({ ...answer, letter: queryLetter(i) }))
    .filter(({ hidden }) => !hidden);
  const updating = shown.some((answer) => answer.updating);
  const graphs = shown.flatMap(({ letter, model }) =>
    model?.result?.kind === 'graph' ? [{ letter, query: model.query, ...model.result }] : [],
  );
  const tables = shown.flatMap(({ letter, model }) =>
    model?.result?.kind === 'table' ? [{ letter, query: model.query, table: model.result }] : [],
  );
  const drawn = graphs.filter(({ panel }) => panel.series.length > 0);
  const groups = useMemo(() => groupByUnit(drawn), [drawn]);
  if (answers.length > 0 && shown.length === 0)
    return <EmptyState title="All queries are hidden">Show one of them again with its eye.</EmptyState>;
  const failed = shown.filter(({ error, model }) => error !== undefined && model === undefined);
  return (
    <div className={updating ? 'space-y-3 opacity-60 transition-opacity' : 'space-y-3'} aria-busy={updating}>
      {tab === 'graph' &&
        groups.map((group) => <GraphResults key={group[0]?.letter} group={group} onZoom={onZoom} />)}
      {tab === 'stat' && drawn.map((graph) => <StatResults key={graph.letter} graph={graph} />)}
      {tab === 'table' &&
        tables.map(({ letter, query, table }) => (
          <TableResults key={letter} letter={letter} query={query} table={table} />
        ))}
      {graphs
        .filter(({ panel }) => panel.series.length === 0)
        .map(({ letter }) => (
          <Card key={letter} title={`Query ${letter}`} flush>
            <EmptyState title="No data in this time range">
              The query is sound, but nothing stored matches it here. Widen the range, or look the metric up
              under “Metrics”.
            </EmptyState>
          </Card>
        ))}
      {shown
        .filter(({ loading }) => loading)
        .map(({ letter }) => (
          <PanelSkeleton key={letter} title={`Query ${letter}`} height={GRAPH_HEIGHT} />
        ))}
      {failed.map(({ letter, error, retry }) => (
        <Card key={letter} title={`Query ${letter}`} flush>
          <ErrorState message={error ?? ''} onRetry={retry} />
        </Card>
      ))}
    </div>
  );
}

export const GRAPH_HEIGHT = 320;
