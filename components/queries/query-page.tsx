'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { FindingList } from '#components/panels/finding-list.tsx';
import { Panel, PanelSkeleton } from '#components/panels/panel.tsx';
import { TimeLink, useTimeHref } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { SqlBlock } from '#components/ui/code-block.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { type Column, DataTable } from '#components/ui/table.tsx';
import type { StatementSummary } from '#lib/model/statement-summary.ts';
import { formatDuration, formatValue } from '#lib/show/format.ts';
import type { QueryModel } from '#lib/show/query-detail.ts';
import { PlanTree } from './plan-tree.tsx';

export function QueryPage({ fingerprint }: { readonly fingerprint: string }) {
  const view = useView<QueryModel>('query', { fingerprint });
  const timeHref = useTimeHref();
  return (
    <>
      <PageHeader
        title={view.data?.tables.length ? `Query on ${view.data.tables.join(', ')}` : 'Query'}
        back={{ label: 'Slow queries', href: timeHref('/queries') }}
        badges={view.data && <Badge>{view.data.row.system}</Badge>}
        description={view.data && <Where row={view.data.row} />}
      />
      <ViewBoundary view={view} skeleton={<PanelSkeleton title="Duration" />}>
        {(data) => <QueryBody data={data} />}
      </ViewBoundary>
    </>
  );
}

function Where({ row }: { readonly row: StatementSummary }) {
  return (
    <>
      {row.service !== '' && (
        <>
          sent by{' '}
          <TimeLink
            href={`/services/${encodeURIComponent(row.service)}`}
            className="text-accent underline decoration-accent/40 hover:decoration-accent"
          >
            {row.service}
          </TimeLink>
        </>
      )}
      {row.database !== '' && ` to database ${row.database}`}
    </>
  );
}

function QueryBody({ data }: { readonly data: QueryModel }) {
  const time = useTimeText();
  return (
    <div className="space-y-3">
      <Card>
        <KeyValue items={keyNumbers(data.row)} />
      </Card>
      {data.findings.length > 0 && (
        <Card title={`Findings (${data.findings.length})`} flush>
          <FindingList findings={data.findings} now={data.now} />
        </Card>
      )}
      <Card title="Statement" description="Values are masked: each ? stood for one.">
        <SqlBlock text={data.sql} />
      </Card>
      <div className="grid gap-3 xl:grid-cols-2">
        {data.panels.map((panel) => (
          <Panel key={panel.id} panel={panel} />
        ))}
      </div>
      {data.plan && (
        <Card
          title="Execution plan"
          description={`Of the run at ${time.dateTime(data.plan.at)}, which took ${formatDuration(data.plan.durationMs)}`}
          flush
        >
          <PlanTree rows={data.plan.rows} />
        </Card>
      )}
      <Card title="Slowest examples" flush>
        <Examples examples={data.examples} />
      </Card>
    </div>
  );
}

function keyNumbers(row: StatementSummary) {
  const perCall = (total: number) => `${formatValue(total / row.calls, 'rows')} a call`;
  return [
    { label: 'Total time', value: formatDuration(row.totalMs) },
    { label: 'Calls', value: formatValue(row.calls, 'count') },
    { label: 'Mean', value: formatDuration(row.meanMs) },
    { label: 'p95', value: formatDuration(row.p95Ms) },
    { label: 'Max', value: formatDuration(row.maxMs) },
    ...(row.rowsExamined > 0
      ? [
          {
            label: 'Rows read',
            value: formatValue(row.rowsExamined, 'count'),
            note: perCall(row.rowsExamined),
          },
        ]
      : []),
    ...(row.rowsSent > 0
      ? [{ label: 'Rows sent', value: formatValue(row.rowsSent, 'count'), note: perCall(row.rowsSent) }]
      : []),
    ...(row.lockMs > 0 ? [{ label: 'Lock time', value: formatDuration(row.lockMs) }] : []),
    ...(row.tempBytes > 0 ? [{ label: 'Spilled to disk', value: formatValue(row.tempBytes, 'bytes') }] : []),
  ];
}

type Example = QueryModel['examples'][number];

function Examples({ examples }: { readonly examples: readonly Example[] }) {
  const time = useTimeText();
  const columns: readonly Column<Example>[] = [
    {
      id: 'at',
      header: 'When',
      cell: (example) => <span className="whitespace-nowrap">{time.dateTime(example.at)}</span>,
    },
    {
      id: 'duration',
      header: 'Took',
      align: 'right',
      cell: (example) => formatDuration(example.durationMs),
    },
    {
      id: 'text',
      header: 'Statement, masked',
      cell: (example) => (
        <code title={example.text} className="block truncate text-xs">
          {example.text}
        </code>
      ),
      className: 'w-full max-w-24 sm:max-w-80',
    },
    {
      id: 'trace',
      header: 'Trace',
      cell: (example) =>
        example.traceId ? (
          <TimeLink
            href={`/traces/${encodeURIComponent(example.traceId)}`}
            className="text-accent hover:underline"
          >
            {example.traceId.slice(0, 8)}…
          </TimeLink>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <DataTable
      caption="Slowest runs of this statement"
      columns={columns}
      rows={examples}
      rowKey={(example) => `${example.at} ${example.durationMs} ${example.traceId ?? ''}`}
      empty="No single runs were kept."
    />
  );
}
