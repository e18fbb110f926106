'use client';

import { ChevronLeft } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Sheet } from '#components/ui/dialog.tsx';
import { TextField } from '#components/ui/fields.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import {
  type MetricLabelsModel,
  type MetricRow,
  type MetricsModel,
  selectorOf,
  starterQuery,
  withMatcher,
} from '#lib/show/explore-help.ts';

/** What is stored: a metric by its name or help, then its labels. A pick goes into the editor. */
export function MetricBrowser({
  open,
  onClose,
  onPick,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onPick: (query: string) => void;
}) {
  return (
    <Sheet open={open} onClose={onClose} title="Metrics">
      <Browser onPick={onPick} />
    </Sheet>
  );
}

function Browser({ onPick }: { readonly onPick: (query: string) => void }) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed);
  const [metric, setMetric] = useState<MetricRow>();
  const view = useView<MetricsModel>('metrics', { search }, { refreshMs: false });
  if (metric) return <Labels metric={metric} onBack={() => setMetric(undefined)} onPick={onPick} />;
  return (
    <div className="space-y-3">
      <TextField
        data-autofocus
        label="Search by name or help"
        placeholder="e.g. request duration"
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <ViewBoundary view={view}>
        {({ rows, total }) => (
          <>
            <p role="status" className="text-xs text-muted">
              {total > rows.length ? `${rows.length} of ${total} metrics` : `${total} metrics`}
            </p>
            {rows.length === 0 ? (
              <EmptyState title="No metric is called like that">
                In this time range. Try fewer letters.
              </EmptyState>
            ) : (
              <ul className="divide-y rounded-md border">
                {rows.map((row) => (
                  <li key={row.name}>
                    <button
                      type="button"
                      onClick={() => setMetric(row)}
                      className="w-full px-3 py-2 text-left hover:bg-raised focus-visible:-outline-offset-2"
                    >
                      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                        <code className="font-mono text-xs font-medium break-all">{row.name}</code>
                        {row.type && <Badge>{row.type}</Badge>}
                        {row.unit && <Badge tone="info">{row.unit}</Badge>}
                      </span>
                      {row.help && (
                        <span className="mt-0.5 line-clamp-2 block text-xs text-muted">{row.help}</span>
                      )}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </ViewBoundary>
    </div>
  );
}

function Labels({
  metric,
  onBack,
  onPick,
}: {
  readonly metric: MetricRow;
  readonly onBack: () => void;
  readonly onPick: (query: string) => void;
}) {
  const view = useView<MetricLabelsModel>('metric-labels', { metric: metric.name }, { refreshMs: false });
  const starter = starterQuery(metric);
  const plain = selectorOf(metric.name);
  return (
    <div className="space-y-3">
      <Button variant="ghost" size="sm" onClick={onBack} autoFocus>
        <ChevronLeft aria-hidden /> All metrics
      </Button>
      <div>
        <h3 className="font-mono font-semibold break-all">{metric.name}</h3>
        <p className="text-xs text-muted">
          {[metric.type, metric.unit, metric.help].filter(Boolean).join(' · ')}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {[...new Set([starter, plain])].map((query) => (
          <button
            key={query}
            type="button"
            onClick={() => onPick(query)}
            className="min-h-8 rounded-md border border-line-strong/50 px-2 py-1 text-left font-mono text-xs break-all text-accent hover:bg-raised"
          >
            {query}
          </button>
        ))}
      </div>
      <ViewBoundary view={view}>
        {({ labels }) =>
          labels.length === 0 ? (
            <p className="text-muted">It has no labels in this time range.</p>
          ) : (
            <dl className="space-y-3">
              {labels.map((label) => (
                <div key={label.name}>
                  <dt className="text-xs">
                    <span className="font-mono font-medium">{label.name}</span>{' '}
                    <span className="text-muted">
                      {label.total === 1 ? '1 value' : `${label.total} values`}
                      {label.total > label.values.length && `, of which ${label.values.length} are shown`}
                    </span>
                  </dt>
                  <dd className="mt-1 flex flex-wrap gap-1">
                    {label.values.map((value) => (
                      <button
                        key={value}
                        type="button"
                        title={`Select ${label.name}=${value}`}
                        onClick={() => onPick(withMatcher(metric.name, label.name, value))}
                        className="min-h-6 max-w-full truncate rounded bg-raised px-1.5 font-mono text-xs hover:text-accent"
                      >
                        {value}
                      </button>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          )
        }
      </ViewBoundary>
    </div>
  );
}
