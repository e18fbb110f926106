'use client';

import { useSyncExternalStore } from 'react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { ArrivalList } from '#components/panels/arrival-list.tsx';
import { Card } from '#components/ui/card.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import type { ConnectModel } from '#lib/show/connect.ts';
import { formatValue } from '#lib/show/format.ts';
import { snippets } from '#lib/show/snippets.ts';

const never = () => () => {};

export function ConnectPage() {
  // Only the browser knows under which address this reader reaches us.
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://localhost:3000',
  );
  const view = useView<ConnectModel>('connect', {}, { refreshMs: 3_000 });
  return (
    <>
      <PageHeader title="Connect" description="Send what you already have; services appear by themselves." />
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="order-2 min-w-0 space-y-3 xl:order-1">
          {snippets(origin).map((snippet) => (
            <div key={snippet.id} id={snippet.id} className="scroll-mt-16">
              <Card title={snippet.title}>
                <p className="mb-2 text-muted">{snippet.how}</p>
                <CodeBlock text={snippet.text} label={snippet.title} />
              </Card>
            </div>
          ))}
        </div>
        <div className="order-1 min-w-0 xl:sticky xl:top-16 xl:order-2">
          <Card title="What has arrived so far" flush>
            <ViewBoundary view={view}>
              {(data) => (
                <>
                  <ArrivalList arrivals={data.arrivals} now={data.now} />
                  <p className="border-t px-4 py-2 text-xs text-muted">
                    {formatValue(data.series, 'count')} series, {formatValue(data.bytes, 'bytes')} on disk
                  </p>
                </>
              )}
            </ViewBoundary>
          </Card>
        </div>
      </div>
    </>
  );
}
