import { TriangleAlert } from 'lucide-react';
import { TimeLink } from '#components/time/time-link.tsx';
import { exploreHref } from '#lib/show/explore-link.ts';
import { formatValue } from '#lib/show/format.ts';
import { explodingLabel, type StorageModel, seriesPerMetricWith } from '#lib/show/storage.ts';

/** Names the label that makes most of the series, if one does, and says what to do. */
export function ExplosionNote({ data }: { readonly data: StorageModel }) {
  const label = explodingLabel(data);
  if (!label) return null;
  return (
    <aside
      aria-label="A label explodes"
      className="flex gap-3 rounded-md bg-warning-soft px-3 py-2.5 sm:px-4"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div className="min-w-0">
        <p className="font-medium">
          Label <code className="font-mono break-all">{label.name}</code> has{' '}
          {formatValue(label.count, 'count')} values among {formatValue(data.activeSeries, 'count')} series
        </p>
        <p className="mt-0.5 text-muted">
          A value for nearly each series is an id, an address or a time: it belongs into a trace or a log.
          Drop the label where the metric is made, or with a relabel rule (
          <code className="font-mono">labeldrop</code>) where it is scraped; series that are there already
          fade out with the retention.
        </p>
        <TimeLink
          href={`${exploreHref([seriesPerMetricWith(label.name)])}&tab=table`}
          className="mt-1 inline-flex min-h-6 items-center text-accent hover:underline"
        >
          See which metrics carry it
        </TimeLink>
      </div>
    </aside>
  );
}
