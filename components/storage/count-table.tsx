'use client';

import { useTimeHref } from '#components/time/time-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { type Column, DataTable } from '#components/ui/table.tsx';
import { exploreHref } from '#lib/show/explore-link.ts';
import { formatValue } from '#lib/show/format.ts';
import type { NamedNumber } from '#lib/show/storage.ts';

/** Names with their counts, as numbers and as bars; a row leads to Explore with the query behind it. */
export function CountTable({
  title,
  name,
  count,
  unit = 'count',
  rows,
  total,
  queryOf,
}: {
  readonly title: string;
  readonly name: string;
  readonly count: string;
  readonly unit?: 'count' | 'bytes';
  readonly rows: readonly NamedNumber[];
  /** What the counts are shares of; without it bars compare with the largest. */
  readonly total: number | undefined;
  readonly queryOf: (name: string) => string;
}) {
  const timeHref = useTimeHref();
  const whole = total ?? Math.max(1, ...rows.map((row) => row.count));
  const columns: readonly Column<NamedNumber>[] = [
    {
      id: 'name',
      header: name,
      cell: (row) => <span className="font-mono text-xs break-all">{row.name}</span>,
      sortBy: (row) => row.name,
      className: 'w-1/2',
    },
    {
      id: 'bar',
      header: total === undefined ? '' : 'Share',
      cell: (row) => (
        <span className="flex items-center gap-2">
          <span aria-hidden className="h-2 min-w-12 flex-1 overflow-hidden rounded-full bg-raised">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${Math.min(1, row.count / whole) * 100}%` }}
            />
          </span>
          {total !== undefined && (
            <span className="w-14 text-right text-xs whitespace-nowrap text-muted">
              {formatValue(row.count / whole, 'ratio')}
            </span>
          )}
        </span>
      ),
      className: 'w-1/3',
    },
    {
      id: 'count',
      header: count,
      align: 'right',
      cell: (row) => formatValue(row.count, unit),
      sortBy: (row) => row.count,
    },
  ];
  return (
    <Card title={title} flush>
      <DataTable
        caption={title}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.name}
        rowHref={(row) => timeHref(`${exploreHref([queryOf(row.name)])}&tab=table`)}
        initialSort={{ column: 'count', descending: true }}
        empty="Nothing to count yet."
      />
    </Card>
  );
}
