'use client';

import { TriangleAlert } from 'lucide-react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { useTimeHref } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatDuration } from '#lib/show/format.ts';
import type { TraceModel } from '#lib/show/waterfall.ts';
import { TraceExplorer } from './trace-explorer.tsx';

export function TracePage({ id }: { readonly id: string }) {
  // A trace is read, not watched: asking again would move what a person looks at.
  const view = useView<TraceModel>('trace', { id }, { refreshMs: false });
  const timeHref = useTimeHref();
  const { data } = view;
  return (
    <>
      <PageHeader
        title={data ? data.operation || '(no name)' : 'Trace'}
        back={{ label: 'Traces', href: timeHref('/traces') }}
        badges={data && data.errors > 0 && <Badge tone="critical">{errorWords(data.errors)}</Badge>}
        description={data?.service}
        actions={<CopyButton text={id} label="Copy trace id" />}
      />
      <ViewBoundary view={view} skeleton={<Skeleton className="h-96" />}>
        {(trace) => (
          <div className="space-y-3">
            <Summary trace={trace} />
            <TraceExplorer key={trace.traceId} trace={trace} />
          </div>
        )}
      </ViewBoundary>
    </>
  );
}

const errorWords = (errors: number): string => (errors === 1 ? '1 error' : `${errors} errors`);

function Summary({ trace }: { readonly trace: TraceModel }) {
  const time = useTimeText();
  return (
    <Card>
      <KeyValue
        items={[
          { label: 'Duration', value: formatDuration(trace.durationUs / 1000) },
          { label: 'Started', value: <span className="text-sm">{time.iso(trace.at)}</span> },
          { label: 'Spans', value: trace.rows.length.toLocaleString('en-US') },
          { label: 'Services', value: trace.services.length },
          { label: 'Errors', value: trace.errors },
        ]}
      />
      {trace.notes.length > 0 && (
        <ul className="mt-3 space-y-1 text-xs text-warning">
          {trace.notes.map((note) => (
            <li key={note} className="flex gap-1.5">
              <TriangleAlert aria-hidden className="size-4 shrink-0" /> {note}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
