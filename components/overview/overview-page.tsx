'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { ArrivalList } from '#components/panels/arrival-list.tsx';
import { ChangeList } from '#components/panels/change-list.tsx';
import { FindingList } from '#components/panels/finding-list.tsx';
import { ServicesTable } from '#components/services/services-table.tsx';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { OverviewModel } from '#lib/show/overview.ts';
import { VerdictBanner } from './verdict-banner.tsx';

export function OverviewPage() {
  const view = useView<OverviewModel>('overview');
  return (
    <>
      <PageHeader title="Overview" />
      <ViewBoundary view={view} skeleton={<OverviewSkeleton />}>
        {(data) => {
          // A single one stands in the banner already.
          const listed = data.findings.length > 1 || data.verdict.state !== 'bottleneck' ? data.findings : [];
          return (
            <div className="space-y-3">
              <VerdictBanner data={data} />
              <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_22rem]">
                <div className="min-w-0 space-y-3">
                  {listed.length > 0 && (
                    <Card title={`Findings (${listed.length})`} flush>
                      <FindingList findings={listed} now={data.now} />
                    </Card>
                  )}
                  <Card title={`Services (${data.services.length})`} flush>
                    <ServicesTable rows={data.services} compact />
                  </Card>
                </div>
                <div className="min-w-0 space-y-3">
                  <Card title="Recent changes" flush>
                    <ChangeList changes={data.changes} />
                  </Card>
                  <Card title="Data coming in" flush>
                    <ArrivalList arrivals={data.arrivals} now={data.now} />
                  </Card>
                </div>
              </div>
            </div>
          );
        }}
      </ViewBoundary>
    </>
  );
}

function OverviewSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      <Skeleton className="h-28" />
      <Skeleton className="h-64" />
    </div>
  );
}
