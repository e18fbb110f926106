'use client';

import { useTimeHref } from '#components/time/time-link.tsx';
import { DataTable } from '#components/ui/table.tsx';
import type { ServiceRow } from '#lib/show/service-row.ts';
import { SERVICE_COLUMNS } from './service-columns.tsx';

/** `compact` leaves out what only the services page has room for. */
export function ServicesTable({
  rows,
  compact = false,
}: {
  readonly rows: readonly ServiceRow[];
  readonly compact?: boolean;
}) {
  const timeHref = useTimeHref();
  return (
    <DataTable
      caption="Services with health, request rate, errors and latency"
      columns={compact ? SERVICE_COLUMNS.filter((column) => column.id !== 'saturation') : SERVICE_COLUMNS}
      rows={rows}
      rowKey={(row) => row.service}
      rowHref={(row) => timeHref(`/services/${encodeURIComponent(row.service)}`)}
      empty="No service sent data in this time range."
    />
  );
}
