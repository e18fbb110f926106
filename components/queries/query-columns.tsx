import type { Column } from '#components/ui/table.tsx';
import type { StatementSummary } from '#lib/model/statement-summary.ts';
import { formatDuration, formatValue } from '#lib/show/format.ts';
import { shortStatement } from '#lib/show/short-statement.ts';
import { ShareBar } from './share-bar.tsx';

/** 0 means that the log does not tell, or that there was none: neither is worth a number. */
const orDash = (value: number, unit: 'rows' | 'ms'): string =>
  value === 0 ? '–' : unit === 'ms' ? formatDuration(value) : formatValue(value, 'count');

export const QUERY_COLUMNS: readonly Column<StatementSummary>[] = [
  {
    id: 'statement',
    header: 'Statement',
    cell: (row) => (
      <span title={row.text} className="block truncate font-mono text-xs font-normal">
        {shortStatement(row.text, 80)}
      </span>
    ),
    className: 'w-full max-w-40 sm:max-w-64 lg:max-w-80',
  },
  {
    id: 'where',
    header: 'Service, database',
    from: 'md',
    cell: (row) => (
      <span className="block max-w-44 truncate text-muted" title={`${row.service} ${row.database}`}>
        {[row.service, row.database].filter(Boolean).join(' · ') || '–'}
      </span>
    ),
  },
  {
    id: 'share',
    header: 'DB time',
    align: 'right',
    cell: (row) => <ShareBar ratio={row.share} />,
  },
  {
    id: 'total',
    header: 'Total',
    align: 'right',
    from: 'sm',
    cell: (row) => formatDuration(row.totalMs),
    sortBy: (row) => row.totalMs,
  },
  {
    id: 'calls',
    header: 'Calls',
    align: 'right',
    from: 'sm',
    cell: (row) => formatValue(row.calls, 'count'),
    sortBy: (row) => row.calls,
  },
  {
    id: 'mean',
    header: 'Mean',
    align: 'right',
    from: 'md',
    cell: (row) => formatDuration(row.meanMs),
    sortBy: (row) => row.meanMs,
  },
  {
    id: 'p95',
    header: 'p95',
    align: 'right',
    cell: (row) => formatDuration(row.p95Ms),
    sortBy: (row) => row.p95Ms,
  },
  { id: 'max', header: 'Max', align: 'right', from: 'lg', cell: (row) => formatDuration(row.maxMs) },
  {
    id: 'rows',
    header: 'Rows read / sent',
    align: 'right',
    from: 'xl',
    cell: (row) => `${orDash(row.rowsExamined, 'rows')} / ${orDash(row.rowsSent, 'rows')}`,
  },
  { id: 'lock', header: 'Lock time', align: 'right', from: 'xl', cell: (row) => orDash(row.lockMs, 'ms') },
];
