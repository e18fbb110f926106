'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { ChangeList } from '#components/panels/change-list.tsx';
import { FindingList } from '#components/panels/finding-list.tsx';
import { Panel, PanelSkeleton } from '#components/panels/panel.tsx';
import { useTimeHref } from '#components/time/time-link.tsx';
import { HealthBadge } from '#components/ui/badge.tsx';
import { LinkButton } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { DataTable } from '#components/ui/table.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { CallRow } from '#lib/show/operation-row.ts';
import type { ServiceModel } from '#lib/show/service.ts';
import { callColumns } from './call-columns.tsx';

export function ServicePage({ service }: { readonly service: string }) {
  const view = useView<ServiceModel>('service', { service });
  const timeHref = useTimeHref();
  const query = `service=${encodeURIComponent(service)}`;
  return (
    <>
      <PageHeader
        title={service}
        back={{ label: 'Services', href: timeHref('/services') }}
        badges={view.data && <HealthBadge health={view.data.numbers.health} />}
        actions={
          <>
            <LinkButton href={timeHref(`/traces?${query}`)}>Traces</LinkButton>
            <LinkButton href={timeHref(`/queries?${query}`)}>Queries</LinkButton>
          </>
        }
      />
      <ViewBoundary view={view} skeleton={<PanelGridSkeleton />}>
        {(data) => <ServiceBody data={data} service={service} />}
      </ViewBoundary>
    </>
  );
}

function PanelGridSkeleton() {
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      {['Latency', 'Throughput', 'Errors', 'CPU'].map((title) => (
        <PanelSkeleton key={title} title={title} />
      ))}
    </div>
  );
}

function ServiceBody({ data, service }: { readonly data: ServiceModel; readonly service: string }) {
  const { numbers } = data;
  return (
    <div className="space-y-3">
      <Card>
        <KeyValue
          items={[
            {
              label: 'Requests',
              value: numbers.source === 'none' ? '–' : formatValue(numbers.rate, 'per-second'),
            },
            { label: 'Errors', value: formatValue(numbers.errorRatio, 'ratio') },
            { label: 'p50', value: formatValue(numbers.p50Ms, 'ms') },
            { label: 'p95', value: formatValue(numbers.p95Ms, 'ms') },
            { label: 'p99', value: formatValue(numbers.p99Ms, 'ms') },
            {
              label: 'Fullest resource',
              value: formatValue(numbers.saturation?.value, 'ratio'),
              ...(numbers.saturation ? { note: numbers.saturation.label } : {}),
            },
          ]}
        />
      </Card>
      {data.findings.length > 0 && (
        <Card title={`Findings (${data.findings.length})`} flush>
          <FindingList findings={data.findings} now={data.now} />
        </Card>
      )}
      <div className="grid gap-3 xl:grid-cols-2">
        {data.panels.map((panel) => (
          <Panel
            key={panel.id}
            panel={panel}
            source={{ view: 'panel', params: { panel: `service.${panel.id}`, service } }}
          />
        ))}
      </div>
      <Card
        title="Operations"
        description="What this service answers; time is the share of all its work"
        flush
      >
        <CallTable
          caption="Operations"
          name="Operation"
          rows={data.operations}
          href={(row) => `/traces?${operationQuery(service, row)}`}
        />
      </Card>
      <Card title="Dependencies" description="Whom this service calls, and how they answered it" flush>
        <CallTable caption="Dependencies" name="Called" rows={data.dependencies} />
      </Card>
      <Card title="Changes" flush>
        <ChangeList changes={data.changes} />
      </Card>
    </div>
  );
}

function operationQuery(service: string, row: CallRow): string {
  return new URLSearchParams({ service, operation: row.name, sort: 'slowest' }).toString();
}

function CallTable({
  caption,
  name,
  rows,
  href,
}: {
  readonly caption: string;
  readonly name: string;
  readonly rows: readonly CallRow[];
  readonly href?: (row: CallRow) => string;
}) {
  const timeHref = useTimeHref();
  const totalMs = rows.reduce((sum, row) => sum + row.totalMs, 0);
  return (
    <DataTable
      caption={caption}
      columns={callColumns(name, totalMs)}
      rows={rows}
      rowKey={(row) => `${row.kind}:${row.name}`}
      {...(href ? { rowHref: (row: CallRow) => timeHref(href(row)) } : {})}
      empty="No traces of this kind in this time range."
    />
  );
}
