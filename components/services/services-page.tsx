'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { Card } from '#components/ui/card.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import type { ServiceRow } from '#lib/show/service-row.ts';
import { ServicesTable } from './services-table.tsx';

export function ServicesPage() {
  const view = useView<{ services: readonly ServiceRow[] }>('services');
  return (
    <>
      <PageHeader title="Services" />
      <Card flush>
        <ViewBoundary view={view}>
          {({ services }) =>
            services.length === 0 ? (
              <EmptyState
                title="No service sent data in this time range"
                action={{ label: 'Connect one', href: '/connect' }}
              >
                Services appear by themselves once their traces or metrics arrive.
              </EmptyState>
            ) : (
              <ServicesTable rows={services} />
            )
          }
        </ViewBoundary>
      </Card>
    </>
  );
}
