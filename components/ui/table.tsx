'use client';

import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import Link from 'next/link';
import { type ComponentProps, type ReactNode, useMemo, useState } from 'react';
import { classNames } from './class-names.ts';

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What to sort by; without it the column cannot be sorted. Missing values (`undefined`) go last. */
  readonly sortBy?: (row: Row) => number | string | undefined;
  readonly align?: 'left' | 'right';
  /** From which width on the column is shown; the first column always is. */
  readonly from?: 'sm' | 'md' | 'lg' | 'xl';
  readonly className?: string;
}

const SHOWN = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden', xl: 'max-xl:hidden' };

export function Table({ className, ...rest }: ComponentProps<'table'>) {
  return (
    <div className="overflow-x-auto">
      <table className={classNames('w-full border-collapse text-[0.8125rem]', className)} {...rest} />
    </div>
  );
}

export function Th({
  className,
  align = 'left',
  ...rest
}: ComponentProps<'th'> & { align?: 'left' | 'right' }) {
  return (
    <th
      scope="col"
      className={classNames(
        'border-y bg-canvas/60 px-2 sm:px-3 py-1.5 text-xs font-medium whitespace-nowrap text-muted first:pl-3 last:pr-3 first:sm:pl-4 last:sm:pr-4',
        align === 'right' ? 'text-right' : 'text-left',
        className,
      )}
      {...rest}
    />
  );
}

export function Td({
  className,
  align = 'left',
  ...rest
}: ComponentProps<'td'> & { align?: 'left' | 'right' }) {
  return (
    <td
      className={classNames(
        'px-2 py-2 align-middle sm:px-3 first:pl-3 last:pr-3 first:sm:pl-4 last:sm:pr-4',
        align === 'right' ? 'text-right whitespace-nowrap' : 'text-left',
        className,
      )}
      {...rest}
    />
  );
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const by = columns.find((column) => column.id === sort?.column)?.sortBy;
  if (!sort || !by) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const x = by(a);
    const y = by(b);
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    if (typeof x === 'string' || typeof y === 'string') return sign * String(x).localeCompare(String(y));
    return sign * (x - y);
  });
}

/**
 * A table whose headers sort. It keeps its own order unless `sort` and `onSort` are given (server-side order, or
 * order in the URL). `rowHref` makes the whole row lead there, through a real link in the first cell.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowHref,
  initialSort,
  sort: given,
  onSort,
  empty = 'Nothing here in this time range.',
}: {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowHref?: (row: Row) => string;
  readonly initialSort?: Sort;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly empty?: ReactNode;
}) {
  const [own, setOwn] = useState(initialSort);
  const sort = given ?? own;
  const shown = useMemo(() => (given ? rows : sortRows(rows, columns, own)), [given, rows, columns, own]);
  if (rows.length === 0) return <div className="border-t px-4 py-6 text-center text-muted">{empty}</div>;
  const choose = (next: Sort) => (onSort ? onSort(next) : setOwn(next));
  return (
    <Table>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} sort={sort} onSort={choose} />
          ))}
        </tr>
      </thead>
      <tbody className="divide-y">
        {shown.map((row) => (
          <tr key={rowKey(row)} className={classNames('relative', rowHref && 'hover:bg-raised/60')}>
            {columns.map((column, i) => (
              <Td
                key={column.id}
                align={column.align}
                className={classNames(column.from && SHOWN[column.from], column.className)}
              >
                {rowHref && i === 0 ? (
                  <Link
                    href={rowHref(row)}
                    // A table may have hundreds of rows: what is not asked for is not fetched.
                    prefetch={false}
                    className="font-medium after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
                  >
                    {column.cell(row)}
                  </Link>
                ) : (
                  column.cell(row)
                )}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
}) {
  const shown = column.from && SHOWN[column.from];
  if (!column.sortBy) {
    return (
      <Th align={column.align} className={shown}>
        {column.header}
      </Th>
    );
  }
  const active = sort?.column === column.id;
  const Arrow = !active ? ChevronsUpDown : sort.descending ? ArrowDown : ArrowUp;
  return (
    <Th
      align={column.align}
      className={shown}
      aria-sort={!active ? undefined : sort.descending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        className={classNames(
          'inline-flex min-h-6 items-center gap-1 hover:text-text',
          active && 'text-text',
          column.align === 'right' && 'flex-row-reverse',
        )}
        // Numbers are asked for largest first, names from A.
        onClick={() =>
          onSort({ column: column.id, descending: active ? !sort.descending : column.align === 'right' })
        }
      >
        {column.header}
        <Arrow aria-hidden className="size-3" />
      </button>
    </Th>
  );
}
