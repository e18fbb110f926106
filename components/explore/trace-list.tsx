'use client';

import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { ExemplarDot } from '#lib/show/explore.ts';
import { formatValue } from '#lib/show/format.ts';
import type { Unit } from '#lib/show/panel.ts';

/** The traces behind a graph's dots as a list, the highest value first. */
export function TraceList({
  dots,
  total,
  unit,
}: {
  readonly dots: readonly ExemplarDot[];
  readonly total: number;
  readonly unit: Unit;
}) {
  const time = useTimeText();
  return (
    <details className="px-1 pt-1 text-xs">
      <summary className="min-h-6 text-muted hover:text-text">
        {total > dots.length ? `${dots.length} of ${total} exemplars` : `${total} exemplars`}: single requests
        with their trace
      </summary>
      <ul className="grid max-h-60 gap-x-4 overflow-y-auto py-1 sm:grid-cols-2 lg:grid-cols-3">
        {dots
          .toSorted((a, b) => b.value - a.value)
          .map((dot) => (
            <li key={`${dot.traceId} ${dot.at} ${dot.value}`}>
              <TimeLink
                href={`/traces/${encodeURIComponent(dot.traceId)}`}
                prefetch={false}
                className="flex min-h-6 items-center gap-2 text-accent hover:underline"
              >
                <span className="w-16 shrink-0 text-right font-medium text-text">
                  {formatValue(dot.value, unit)}
                </span>
                <span className="shrink-0">{time.clock(dot.at)}</span>
                <span className="min-w-0 truncate font-mono">{dot.traceId}</span>
              </TimeLink>
            </li>
          ))}
      </ul>
    </details>
  );
}
