'use client';

import { CircleCheck } from 'lucide-react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { FilterSelect } from '#components/filters/filter-select.tsx';
import { type FilterValues, useFilters } from '#components/filters/use-filters.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import type { FindingsModel } from '#lib/show/finding-detail.ts';
import { FindingCard } from './finding-card.tsx';

const FILTERS = ['state', 'service', 'detector'] as const;

/** What is in the props counts in a snapshot only; live the URL says it. */
export function FindingsPage(given: FilterValues<(typeof FILTERS)[number]>) {
  const { values, set } = useFilters(FILTERS, given);
  const { service, detector } = values;
  const state = values.state === 'resolved' ? 'resolved' : undefined;
  const view = useView<FindingsModel>('findings', { state, service, detector });
  const counts = view.data?.counts;
  const list = (
    <ViewBoundary view={view}>
      {(data) => <FindingCards data={data} resolved={state === 'resolved'} />}
    </ViewBoundary>
  );
  return (
    <>
      <PageHeader
        title="Findings"
        description="What limits the system, what proves it, and what to do."
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
              {(service || detector) && (
                <Button variant="ghost" onClick={() => set({ service: null, detector: null })}>
                  Clear
                </Button>
              )}
            </>
          )
        }
      />
      {set ? (
        <Tabs
          label="State"
          tabs={[
            { id: 'open', label: 'Open', count: counts?.open },
            { id: 'resolved', label: 'Resolved', count: counts?.resolved },
          ]}
          selected={state ?? 'open'}
          onSelect={(id) => set({ state: id === 'open' ? null : id })}
        >
          {list}
        </Tabs>
      ) : (
        list
      )}
    </>
  );
}

function FindingCards({ data, resolved }: { readonly data: FindingsModel; readonly resolved: boolean }) {
  if (data.findings.length > 0)
    return (
      <ul className="space-y-2">
        {data.findings.map((finding) => (
          <FindingCard key={finding.id} finding={finding} now={data.now} />
        ))}
      </ul>
    );
  return (
    <Card flush>
      {resolved ? (
        <EmptyState title="Nothing was resolved in this time range">
          Widen the range to see findings that are over.
        </EmptyState>
      ) : (
        <EmptyState icon={CircleCheck} title="No open findings">
          No detector sees a bottleneck. The overview says whether there is enough data to tell.
        </EmptyState>
      )}
    </Card>
  );
}
