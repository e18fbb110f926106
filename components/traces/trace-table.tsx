'use client';

import { CircleX } from 'lucide-react';
import { useTimeHref } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { type Column, DataTable } from '#components/ui/table.tsx';
import { formatDuration } from '#lib/show/format.ts';
import type { TraceRow } from '#lib/show/trace-row.ts';

const MOST_SERVICES = 4;

export function TraceTable({ rows }: { readonly rows: readonly TraceRow[] }) {
  const time = useTimeText();
  const timeHref = useTimeHref();
  const longest = Math.max(...rows.map((row) => row.durationMs));
  const columns: readonly Column<TraceRow>[] = [
    {
      id: 'operation',
      header: 'Request',
      cell: (row) => (
        <span className="block truncate" title={`${row.service}: ${row.operation}`}>
          <span className="text-muted">{row.service}</span> {row.operation}
        </span>
      ),
      sortBy: (row) => `${row.service} ${row.operation}`,
      className: 'w-full max-w-28 sm:max-w-64',
    },
    {
      id: 'duration',
      header: 'Duration',
      align: 'right',
      cell: (row) => (
        <span className="inline-flex items-center justify-end gap-2">
          <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-raised max-md:hidden">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${(row.durationMs / longest) * 100}%` }}
            />
          </span>
          <span className="min-w-14">{formatDuration(row.durationMs)}</span>
        </span>
      ),
      sortBy: (row) => row.durationMs,
    },
    {
      id: 'errors',
      header: 'Errors',
      align: 'right',
      cell: (row) =>
        row.errors === 0 ? (
          '–'
        ) : (
          <span className="inline-flex items-center gap-1 text-critical">
            <CircleX aria-hidden className="size-3.5" /> {row.errors}
          </span>
        ),
      sortBy: (row) => row.errors,
    },
    {
      id: 'spans',
      header: 'Spans',
      align: 'right',
      from: 'sm',
      cell: (row) => row.spans.toLocaleString('en-US'),
      sortBy: (row) => row.spans,
    },
    {
      id: 'services',
      header: 'Services',
      from: 'lg',
      cell: (row) => {
        const names = row.services.slice(0, MOST_SERVICES).map(({ name, spans }) => `${name} (${spans})`);
        const more = row.services.length - names.length;
        return (
          <span className="block max-w-80 truncate text-muted">
            {names.join(', ')}
            {more > 0 && ` and ${more} more`}
          </span>
        );
      },
    },
    {
      id: 'at',
      header: 'When',
      align: 'right',
      cell: (row) => (
        <>
          <span className="max-sm:hidden">{time.dateTime(row.at)}</span>
          <span className="sm:hidden">{time.clock(row.at)}</span>
        </>
      ),
      sortBy: (row) => row.at,
    },
  ];
  return (
    <DataTable
      caption="Traces"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.traceId}
      rowHref={(row) => timeHref(`/traces/${row.traceId}`)}
    />
  );
}
