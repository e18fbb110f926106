import { CircleCheck } from 'lucide-react';
import { Card } from '#components/ui/card.tsx';
import { type Column, DataTable } from '#components/ui/table.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { NamedNumber } from '#lib/show/storage.ts';

const COLUMNS: readonly Column<NamedNumber>[] = [
  {
    id: 'reason',
    header: 'Reason',
    cell: (row) => <span className="font-mono text-xs">{row.name}</span>,
    sortBy: (row) => row.name,
    className: 'w-full',
  },
  {
    id: 'count',
    header: 'Samples',
    align: 'right',
    cell: (row) => formatValue(row.count, 'count'),
    sortBy: (row) => row.count,
  },
];

/** What was refused in the last hour, and why. */
export function RejectedCard({ rejected }: { readonly rejected: readonly NamedNumber[] | undefined }) {
  return (
    <Card title="Refused in the last hour" flush>
      {rejected === undefined ? (
        <p className="border-t px-4 py-5 text-center text-muted">
          Not known: Chokepoint does not watch itself (CHOKEPOINT_SELF is off), or has just started.
        </p>
      ) : rejected.length === 0 ? (
        <p className="flex items-center justify-center gap-2 border-t px-4 py-5 text-muted">
          <CircleCheck aria-hidden className="size-4 text-ok" /> Every sample that came was taken.
        </p>
      ) : (
        <DataTable
          caption="Refused samples by reason"
          columns={COLUMNS}
          rows={rejected}
          rowKey={(row) => row.name}
          initialSort={{ column: 'count', descending: true }}
        />
      )}
    </Card>
  );
}
