import { Sparkline } from '#components/ui/sparkline.tsx';
import type { Column } from '#components/ui/table.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { CallRow } from '#lib/show/operation-row.ts';

/** Columns for operations and dependencies; `name` heads the first. */
export function callColumns(name: string, totalMs: number): readonly Column<CallRow>[] {
  return [
    {
      id: 'name',
      header: name,
      cell: (row) => row.name,
      sortBy: (row) => row.name,
      className: 'min-w-24 wrap-anywhere',
    },
    {
      id: 'share',
      header: 'Time',
      align: 'right',
      cell: (row) => <Share ratio={totalMs === 0 ? 0 : row.totalMs / totalMs} />,
      sortBy: (row) => row.totalMs,
    },
    {
      id: 'rate',
      header: 'Rate',
      align: 'right',
      from: 'sm',
      cell: (row) => formatValue(row.rate, 'per-second'),
      sortBy: (row) => row.rate,
    },
    {
      id: 'errors',
      header: 'Errors',
      align: 'right',
      cell: (row) => formatValue(row.errorRatio, 'ratio'),
      sortBy: (row) => row.errorRatio,
    },
    {
      id: 'p50',
      header: 'p50',
      align: 'right',
      from: 'lg',
      cell: (row) => formatValue(row.p50Ms, 'ms'),
      sortBy: (row) => row.p50Ms,
    },
    {
      id: 'p95',
      header: 'p95',
      align: 'right',
      cell: (row) => (
        <span className="inline-flex items-center justify-end gap-3">
          <span className="max-lg:hidden">
            <Sparkline values={row.p95} width={64} />
          </span>
          <span className="sm:min-w-14">{formatValue(row.p95Ms, 'ms')}</span>
        </span>
      ),
      sortBy: (row) => row.p95Ms,
    },
    {
      id: 'p99',
      header: 'p99',
      align: 'right',
      from: 'lg',
      cell: (row) => formatValue(row.p99Ms, 'ms'),
      sortBy: (row) => row.p99Ms,
    },
  ];
}

function Share({ ratio }: { readonly ratio: number }) {
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-12 overflow-hidden rounded-full bg-raised max-md:hidden">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${ratio * 100}%` }} />
      </span>
      <span className="sm:min-w-10">{formatValue(ratio, 'ratio')}</span>
    </span>
  );
}
