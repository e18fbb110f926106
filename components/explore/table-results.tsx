'use client';

import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { useWidth } from '#components/charts/use-width.ts';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { type Column, DataTable } from '#components/ui/table.tsx';
import { labelValue } from '#lib/model/labels.ts';
import { commonLabels, seriesText, type TableResult, type TableRow } from '#lib/show/explore.ts';
import { labelNamesOf, tableCsv } from '#lib/show/explore-csv.ts';
import { formatValue } from '#lib/show/format.ts';

/** More label columns than this leave no room for values. */
const MOST_COLUMNS = 7;
const NARROW = 640;

/** The result at the end of the range: a row per series, a column per label where they fit. */
export function TableResults({
  letter,
  query,
  table,
}: {
  readonly letter: string;
  readonly query: string;
  readonly table: TableResult;
}) {
  const time = useTimeText();
  const { ref, width } = useWidth<HTMLDivElement>();
  const columns = useMemo(() => columnsOf(table, width < NARROW, time.dateTime), [table, width, time]);
  const same = useMemo(() => commonLabels(table.rows.map((row) => row.labels)), [table]);
  const count =
    table.rowsTotal > table.rows.length ? `${table.rows.length} of ${table.rowsTotal}` : table.rowsTotal;
  return (
    <div ref={ref}>
      <Card
        title={`${letter} · ${query.replace(/\s+/g, ' ').trim()}`}
        description={`${count} ${table.rowsTotal === 1 ? 'row' : 'rows'} at ${time.dateTime(table.at)}`}
        actions={
          table.rows.length > 0 && (
            <Button size="sm" variant="ghost" onClick={() => download(table)}>
              <Download aria-hidden /> CSV
            </Button>
          )
        }
        flush
      >
        {same.length > 0 && (
          <p className="px-3 pb-2 text-xs text-muted sm:px-4">
            In all rows: <code className="font-mono break-all">{seriesText(same)}</code>
          </p>
        )}
        <DataTable
          caption={`Result of query ${letter}`}
          columns={columns}
          rows={table.rows}
          rowKey={(row) => seriesText(row.labels)}
          empty="Nothing at this instant. Move the end of the range, or see whether the graph has it."
        />
      </Card>
    </div>
  );
}

function columnsOf(
  table: TableResult,
  narrow: boolean,
  dateTime: (at: number) => string,
): readonly Column<TableRow>[] {
  const same = new Set(commonLabels(table.rows.map((row) => row.labels)).map(([name]) => name));
  const names = labelNamesOf(table).filter((name) => !same.has(name));
  const telling = (row: TableRow) => row.labels.filter(([name]) => !same.has(name));
  const split = !narrow && names.length > 0 && names.length <= MOST_COLUMNS;
  const value: Column<TableRow> = {
    id: 'value',
    header: 'Value',
    align: 'right',
    cell: (row) =>
      row.samples ? <Samples row={row} dateTime={dateTime} /> : <Value text={row.value} unit={table.unit} />,
    sortBy: (row) => numberOf(row.value),
  };
  const series: Column<TableRow> = {
    id: 'series',
    header: 'Series',
    cell: (row) => (
      <code title={seriesText(row.labels)} className="font-mono text-xs break-all">
        {telling(row).length ? seriesText(telling(row)) : table.type}
      </code>
    ),
    sortBy: (row) => seriesText(row.labels),
    className: 'w-full',
  };
  if (!split) return [series, value];
  const labels = names.map(
    (name): Column<TableRow> => ({
      id: `label ${name}`,
      header: name === '__name__' ? 'Metric' : name,
      cell: (row) => (
        <span className="font-mono text-xs break-all">{labelValue(row.labels, name) || '–'}</span>
      ),
      sortBy: (row) => labelValue(row.labels, name) || undefined,
    }),
  );
  return [...labels, value];
}

/** The exact number, and in its unit where that says more. */
function Value({ text, unit }: { readonly text: string; readonly unit: TableResult['unit'] }) {
  const number = numberOf(text);
  const worded =
    number === undefined || unit === 'number' || unit === 'count' ? undefined : formatValue(number, unit);
  return (
    <>
      {worded !== undefined && <span className="mr-3 text-muted">{worded}</span>}
      <span className="font-mono text-xs font-medium">{text}</span>
    </>
  );
}

function Samples({ row, dateTime }: { readonly row: TableRow; readonly dateTime: (at: number) => string }) {
  const samples = row.samples ?? [];
  const total = row.samplesTotal ?? samples.length;
  return (
    <details>
      <summary className="font-mono text-xs">
        {row.value} <span className="text-muted">({total} samples)</span>
      </summary>
      <ol className="max-h-60 overflow-y-auto text-xs">
        {samples.map(([at, value]) => (
          <li key={at}>
            <span className="text-muted">{dateTime(at)}</span> <span className="font-mono">{value}</span>
          </li>
        ))}
        {total > samples.length && <li className="text-muted">and {total - samples.length} older ones</li>}
      </ol>
    </details>
  );
}

function numberOf(text: string): number | undefined {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? undefined : number;
}

function download(table: TableResult): void {
  const url = URL.createObjectURL(new Blob([tableCsv(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `query-${new Date(table.at).toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
