'use client';

import { ArrowRight } from 'lucide-react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import type { ExploreStartModel } from '#lib/show/explore-help.ts';

/** Where to begin: queries over what is stored. */
export function Suggestions({ onPick }: { readonly onPick: (query: string) => void }) {
  const view = useView<ExploreStartModel>('explore-start', {}, { refreshMs: false });
  return (
    <ViewBoundary view={view}>
      {({ suggestions, metrics }) =>
        metrics === 0 ? (
          <Card flush>
            <EmptyState
              title="No metrics in this time range"
              action={{ label: 'Connect metrics', href: '/connect#prometheus' }}
            >
              Send them by remote_write or OTLP; or widen the time range if they once came.
            </EmptyState>
          </Card>
        ) : (
          <Card title="Try one of these" description={`Made from the ${metrics} metrics that arrive.`} flush>
            <ul className="grid gap-px border-t bg-line sm:grid-cols-2">
              {suggestions.map(({ title, query, why }) => (
                <li key={query} className="bg-surface">
                  <button
                    type="button"
                    onClick={() => onPick(query)}
                    className="flex size-full flex-col gap-1 px-3 py-2.5 text-left hover:bg-raised focus-visible:-outline-offset-2 sm:px-4"
                  >
                    <span className="flex max-w-full items-center gap-1.5 font-medium break-all">
                      {title} <ArrowRight aria-hidden className="size-3.5 shrink-0 text-muted" />
                    </span>
                    <code className="max-w-full font-mono text-xs break-all text-accent">{query}</code>
                    <span className="line-clamp-2 text-xs text-muted">{why}</span>
                  </button>
                </li>
              ))}
            </ul>
          </Card>
        )
      }
    </ViewBoundary>
  );
}
