'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { FilterSelect } from '#components/filters/filter-select.tsx';
import { type FilterValues, useFilters } from '#components/filters/use-filters.ts';
import { Panel, PanelSkeleton } from '#components/panels/panel.tsx';
import { useTimeHref } from '#components/time/time-link.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { DataTable, type Sort } from '#components/ui/table.tsx';
import { STATEMENT_SORTS } from '#lib/model/statement-summary.ts';
import type { QueriesModel } from '#lib/show/queries.ts';
import { QUERY_COLUMNS } from './query-columns.tsx';

const FILTERS = ['service', 'database', 'sort'] as const;
const PANEL_HEIGHT = 160;

/** What is in the props counts in a snapshot only; live the URL says it. */
export function QueriesPage(given: FilterValues<(typeof FILTERS)[number]>) {
  const { values, set } = useFilters(FILTERS, given);
  const { service, database } = values;
  const sort = STATEMENT_SORTS.find((name) => name === values.sort);
  const view = useView<QueriesModel>('queries', { service, database, sort });
  const timeHref = useTimeHref();
  const filtered = Boolean(service || database);
  return (
    <>
      <PageHeader
        title="Slow queries"
        description="Statements by what they cost the database, from its slow-query log."
        actions={
          set && (
            <>
              <FilterSelect
                label="Service"
                all="All services"
                names={view.data?.services ?? []}
                value={service}
                onChange={(next) => set({ service: next })}
              />
              <FilterSelect
                label="Database"
                all="All databases"
                names={view.data?.databases ?? []}
                value={database}
                onChange={(next) => set({ database: next })}
              />
              {filtered && (
                <Button variant="ghost" onClick={() => set({ service: null, database: null })}>
                  Clear
                </Button>
              )}
            </>
          )
        }
      />
      <ViewBoundary view={view} skeleton={<QueriesSkeleton />}>
        {(data) =>
          data.rows.length === 0 ? (
            <Card flush>
              <EmptyState
                title={filtered ? 'No statements match' : 'No statements in this time range'}
                {...(filtered ? {} : { action: { label: 'Connect a slow-query log', href: '/connect' } })}
              >
                {filtered
                  ? 'Clear the filter or widen the time range.'
                  : 'Chokepoint reads the slow-query logs of PostgreSQL, MySQL and MariaDB. Widen the range if one is connected.'}
              </EmptyState>
            </Card>
          ) : (
            <div className="space-y-3">
              <Panel panel={data.panel} height={PANEL_HEIGHT} />
              <Card
                title={
                  data.total > data.rows.length
                    ? `Statements (${data.rows.length} of ${data.total})`
                    : `Statements (${data.total})`
                }
                flush
              >
                <DataTable
                  caption="Statements with their share of the database's time"
                  columns={QUERY_COLUMNS}
                  rows={data.rows}
                  rowKey={(row) => `${row.fingerprint} ${row.service} ${row.database}`}
                  rowHref={(row) => timeHref(`/queries/${encodeURIComponent(row.fingerprint)}`)}
                  {...(set
                    ? {
                        sort: { column: sort ?? 'total', descending: true },
                        onSort: (next: Sort) => set({ sort: next.column === 'total' ? null : next.column }),
                      }
                    : { initialSort: { column: sort ?? 'total', descending: true } })}
                />
              </Card>
            </div>
          )
        }
      </ViewBoundary>
    </>
  );
}

function QueriesSkeleton() {
  return (
    <div className="space-y-3">
      <PanelSkeleton title="Database time per second" height={PANEL_HEIGHT} />
      <Card title="Statements" flush>
        <SkeletonRows rows={8} />
      </Card>
    </div>
  );
}
