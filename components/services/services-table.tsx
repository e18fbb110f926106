'use client';

import { useTimeHref } from '#components/time/time-link.tsx';
import { DataTable } from '#components/ui/table.tsx';
import type { ServiceRow } from '#lib/show/service-row.ts';
import { SERVICE_COLUMNS } from './service-columns.tsx';

export function ServicesTable({ rows }: { readonly rows: readonly ServiceRow[] }) {
  const timeHref = useTimeHref();
  return (
    <DataTable
      caption="Services with health, request rate, errors and latency"
      columns={SERVICE_COLUMNS}
      rows={rows}
      rowKey={(row) => row.service}
      rowHref={(row) => timeHref(`/services/${encodeURIComponent(row.service)}`)}
      empty="No service sent data in this time range."
    />
  );
}
