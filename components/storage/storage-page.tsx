'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { ArrivalList } from '#components/panels/arrival-list.tsx';
import { Panel } from '#components/panels/panel.tsx';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { formatAgo, formatValue } from '#lib/show/format.ts';
import {
  type StorageLimits,
  type StorageModel,
  seriesOfMetric,
  seriesPerMetricWith,
} from '#lib/show/storage.ts';
import { ChurnBars } from './churn-bars.tsx';
import { CountTable } from './count-table.tsx';
import { ExplosionNote } from './explosion-note.tsx';
import { KeptNote } from './kept-note.tsx';
import { RejectedCard } from './rejected-card.tsx';

const PANEL_HEIGHT = 150;
/** In a young store the database's own pages outweigh the samples. */
const TELLING_SAMPLES = 100_000;

/** What the store holds, what takes the room, and what to do when a label explodes. */
export function StoragePage({
  limits,
}: {
  /** What the server's settings say; undefined where they are not told (a snapshot). */
  readonly limits: StorageLimits | undefined;
}) {
  const view = useView<StorageModel>('storage');
  return (
    <>
      <PageHeader title="Storage" description="What is kept, how large it is, and what makes it so." />
      <ViewBoundary view={view} skeleton={<StorageSkeleton />}>
        {(data) => <Storage data={data} limits={limits} />}
      </ViewBoundary>
    </>
  );
}

function Storage({
  data,
  limits,
}: {
  readonly data: StorageModel;
  readonly limits: StorageLimits | undefined;
}) {
  const panels = [data.arriving, data.size].filter((panel) => panel !== undefined);
  return (
    <div className="space-y-3">
      <Card>
        <Facts data={data} limits={limits} />
      </Card>
      <ExplosionNote data={data} />
      {panels.length > 0 && (
        <div className="grid gap-3 lg:grid-cols-2">
          {panels.map((panel) => (
            <Panel key={panel.id} panel={panel} height={PANEL_HEIGHT} />
          ))}
        </div>
      )}
      {data.churn.length > 0 && <ChurnBars hours={data.churn} />}
      {data.activeSeries === 0 ? (
        <Card flush>
          <EmptyState
            title="No series yet"
            action={{ label: 'Connect metrics', href: '/connect#prometheus' }}
          >
            Metrics, labels and what they take appear here with the first samples.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid gap-3 xl:grid-cols-2">
          <CountTable
            title="Metrics by series"
            name="Metric"
            count="Series"
            rows={data.seriesByMetric}
            total={data.activeSeries}
            queryOf={seriesOfMetric}
          />
          <CountTable
            title="Label pairs by series"
            name="Label and value"
            count="Series"
            rows={data.seriesByPair}
            total={data.activeSeries}
            queryOf={countOfPair}
          />
          <CountTable
            title="Labels by number of values"
            name="Label"
            count="Values"
            rows={data.valuesByLabel}
            total={undefined}
            queryOf={seriesPerMetricWith}
          />
          <CountTable
            title="Labels by bytes of their values"
            name="Label"
            count="Bytes"
            unit="bytes"
            rows={data.bytesByLabel}
            total={undefined}
            queryOf={seriesPerMetricWith}
          />
        </div>
      )}
      <div className="grid gap-3 xl:grid-cols-2">
        <div className="space-y-3">
          <Card title="Taken since the store was made" flush>
            <ArrivalList arrivals={data.arrivals} now={data.now} />
          </Card>
          <RejectedCard rejected={data.rejected} />
        </div>
        <KeptNote limits={limits} />
      </div>
    </div>
  );
}

function Facts({
  data,
  limits,
}: {
  readonly data: StorageModel;
  readonly limits: StorageLimits | undefined;
}) {
  const items = [
    {
      label: 'Size on disk',
      value: formatValue(data.bytes, 'bytes'),
      note: `all signals, ${data.backend === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`,
    },
    {
      label: 'Arriving',
      value: data.samplesPerSecond === undefined ? '–' : formatValue(data.samplesPerSecond, 'per-second'),
      note:
        data.samplesPerSecond === undefined
          ? data.rejected === undefined
            ? 'not watched (CHOKEPOINT_SELF)'
            : 'not known yet'
          : 'samples',
    },
    {
      label: 'Bytes per sample',
      value: data.samples < TELLING_SAMPLES ? '–' : formatValue(data.bytes / data.samples, 'number'),
      note:
        data.samples < TELLING_SAMPLES
          ? `told from ${formatValue(TELLING_SAMPLES, 'count')} samples on`
          : 'the whole store by samples taken, other signals counted in',
    },
    {
      label: 'Active series',
      value: formatValue(data.activeSeries, 'count'),
      note: [
        limits && `of at most ${formatValue(limits.maxSeries, 'count')}`,
        data.labelPairs > 0 && `${formatValue(data.labelPairs, 'count')} label pairs`,
      ]
        .filter(Boolean)
        .join(', '),
    },
    {
      label: 'In memory',
      value: formatValue(data.headSamples, 'count'),
      note: 'samples not packed yet',
    },
    ...(data.oldest === undefined
      ? []
      : [{ label: 'Oldest sample', value: formatAgo(data.oldest, data.now) }]),
  ];
  return <KeyValue items={items} />;
}

/** PromQL that counts the series of `name=value`. */
function countOfPair(pair: string): string {
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  const label = /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
  return `topk(10, count by (__name__) ({${label}=${JSON.stringify(pair.slice(at + 1))}}))`;
}

function StorageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      <Skeleton className="h-24" />
      <Skeleton className="h-60" />
      <Skeleton className="h-72" />
    </div>
  );
}
