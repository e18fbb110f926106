'use client';

import Link from 'next/link';
import { useWidth } from '#components/charts/use-width.ts';
import { useTimeHref } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { timeTicks } from '#lib/show/axis.ts';
import { durationAxis } from '#lib/show/duration-axis.ts';
import { formatDuration } from '#lib/show/format.ts';
import type { TraceRow } from '#lib/show/trace-row.ts';

const HEIGHT = 160;
const BOX = { left: 60, right: 14, top: 10, bottom: 22 };
/** A range of one moment would put all points on one line. */
const NARROWEST_MS = 1000;

/**
 * Duration over time, a failed trace as a cross. The table below lists the same traces, so screen readers and the tab
 * key pass by.
 */
export function TraceScatter({ rows }: { readonly rows: readonly TraceRow[] }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const time = useTimeText();
  const timeHref = useTimeHref();
  const times = rows.map((row) => row.at);
  const from = Math.min(...times);
  const to = Math.max(from + NARROWEST_MS, ...times);
  const axis = durationAxis(rows.map((row) => row.durationMs));
  const innerWidth = Math.max(1, width - BOX.left - BOX.right);
  const innerHeight = HEIGHT - BOX.top - BOX.bottom;
  const x = (at: number) => BOX.left + ((at - from) / (to - from)) * innerWidth;
  const y = (share: number) => BOX.top + innerHeight * (1 - share);
  const failed = rows.filter((row) => row.errors > 0).length;
  return (
    <figure>
      <figcaption className="sr-only">
        Duration of {rows.length} traces over time, up to{' '}
        {formatDuration(Math.max(...rows.map((r) => r.durationMs)))}; {failed} with errors. The table below
        lists them.
      </figcaption>
      <div ref={ref} aria-hidden className="relative mx-1" style={{ height: HEIGHT }}>
        {width > 0 && (
          <>
            <svg aria-hidden width={width} height={HEIGHT} className="absolute inset-0 text-xs">
              {axis.ticks.map((tick) => (
                <g key={tick.at}>
                  <line
                    x1={BOX.left}
                    x2={width - BOX.right}
                    y1={y(tick.at)}
                    y2={y(tick.at)}
                    stroke="var(--line)"
                  />
                  <text
                    x={BOX.left - 6}
                    y={y(tick.at) + 4}
                    textAnchor="end"
                    fill="var(--muted)"
                    fontSize={11}
                  >
                    {tick.label}
                  </text>
                </g>
              ))}
              {timeTicks({ from, to }, Math.max(2, Math.floor(innerWidth / 80)), time.zone).map((tick) => (
                <text
                  key={tick.at}
                  x={x(tick.at)}
                  y={HEIGHT - 6}
                  textAnchor="middle"
                  fill="var(--muted)"
                  fontSize={11}
                >
                  {tick.label}
                </text>
              ))}
            </svg>
            {rows.map((row) => (
              <Link
                key={row.traceId}
                href={timeHref(`/traces/${row.traceId}`)}
                prefetch={false}
                tabIndex={-1}
                title={`${row.service} ${row.operation}\n${formatDuration(row.durationMs)} at ${time.dateTime(row.at)}${row.errors > 0 ? `\n${row.errors} errors` : ''}`}
                className="absolute grid size-4 -translate-1/2 place-items-center hover:z-10 hover:scale-150"
                style={{ left: x(row.at), top: y(axis.place(row.durationMs)) }}
              >
                {row.errors > 0 ? (
                  <Cross />
                ) : (
                  <span className="size-2 rounded-full border border-surface bg-accent" />
                )}
              </Link>
            ))}
          </>
        )}
      </div>
      <p aria-hidden className="flex gap-4 px-4 pb-2 text-xs text-muted">
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2 rounded-full bg-accent" /> without errors
        </span>
        <span className="inline-flex items-center gap-1.5">
          <Cross />
          with errors ({failed})
        </span>
      </p>
    </figure>
  );
}

function Cross() {
  return (
    <svg aria-hidden width="10" height="10" viewBox="0 0 10 10" className="text-critical">
      <path d="M1 1l8 8M9 1l-8 8" stroke="currentColor" strokeWidth="2.2" />
    </svg>
  );
}
