'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { type FilterValues, useFilters } from '#components/filters/use-filters.ts';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { TRACE_SORTS, type TraceSort, type TracesModel } from '#lib/show/trace-row.ts';
import { TRACE_FILTERS, TraceFilters } from './trace-filters.tsx';
import { TraceScatter } from './trace-scatter.tsx';
import { TraceTable } from './trace-table.tsx';

const TITLES: Record<TraceSort, string> = {
  recent: 'Newest traces',
  slowest: 'Slowest traces',
  failed: 'Newest traces with errors',
};

/** What is in the props counts in a snapshot only; live the URL says it. */
export function TracesPage(given: FilterValues<(typeof TRACE_FILTERS)[number]>) {
  const { values, set } = useFilters(TRACE_FILTERS, given);
  const { service, operation, minDurationMs } = values;
  const sort = TRACE_SORTS.find((name) => name === values.sort);
  const view = useView<TracesModel>('traces', { service, operation, sort, minDurationMs });
  const filtered = Boolean(service || operation || minDurationMs || sort === 'failed');
  return (
    <>
      <PageHeader title="Traces" description="Single requests, from the first span to the last." />
      {set && <TraceFilters values={values} set={set} data={view.data} />}
      <ViewBoundary view={view} skeleton={<TracesSkeleton />}>
        {(data) =>
          data.rows.length === 0 ? (
            <Card flush>
              <EmptyState
                title={filtered ? 'No traces match' : 'No traces in this time range'}
                {...(filtered ? {} : { action: { label: 'Connect traces', href: '/connect#traces' } })}
              >
                {filtered
                  ? 'Loosen the filter or widen the time range.'
                  : 'Send traces by OTLP, or widen the time range.'}
              </EmptyState>
            </Card>
          ) : (
            <div className="space-y-3">
              <Card
                title={`${TITLES[sort ?? 'recent']} (${data.rows.length})`}
                description={
                  data.rows.length >= data.limit
                    ? `The first ${data.limit}: narrow the range or the filter to see others.`
                    : undefined
                }
                flush
              >
                <TraceScatter rows={data.rows} />
                <TraceTable rows={data.rows} />
              </Card>
            </div>
          )
        }
      </ViewBoundary>
    </>
  );
}

function TracesSkeleton() {
  return (
    <Card title="Traces" flush>
      <Skeleton className="mx-4 mb-3 h-40" />
      <SkeletonRows rows={8} />
    </Card>
  );
}
