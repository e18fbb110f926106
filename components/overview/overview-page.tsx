'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { ArrivalList } from '#components/panels/arrival-list.tsx';
import { ChangeList } from '#components/panels/change-list.tsx';
import { FindingList } from '#components/panels/finding-list.tsx';
import { ServicesTable } from '#components/services/services-table.tsx';
import { TimeLink } from '#components/time/time-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { OverviewModel } from '#lib/show/overview.ts';
import { VerdictBanner } from './verdict-banner.tsx';

/** More of them would push the services out of sight. */
const MOST_FINDINGS = 5;

export function OverviewPage() {
  const view = useView<OverviewModel>('overview');
  return (
    <>
      <PageHeader title="Overview" />
      <ViewBoundary view={view} skeleton={<OverviewSkeleton />}>
        {(data) => {
          // The first of a bottleneck's findings stands in the banner.
          const first =
            data.verdict.state === 'bottleneck'
              ? data.findings.find((f) => f.severity !== 'info')
              : undefined;
          const listed = data.findings.filter((finding) => finding !== first);
          return (
            <div className="space-y-3">
              <VerdictBanner data={data} />
              <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_22rem]">
                <div className="min-w-0 space-y-3">
                  {listed.length > 0 && (
                    <Card title={`${first ? 'More findings' : 'Findings'} (${listed.length})`} flush>
                      <FindingList findings={listed.slice(0, MOST_FINDINGS)} now={data.now} />
                      {listed.length > MOST_FINDINGS && (
                        <p className="border-t px-4 py-2">
                          <TimeLink href="/findings" className="text-accent hover:underline">
                            All findings
                          </TimeLink>
                        </p>
                      )}
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
