'use client';

import { useTimeText } from '#components/time/use-time-text.ts';
import { Card } from '#components/ui/card.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { ChurnHour } from '#lib/show/storage.ts';

const HALF_PX = 56;

/** Series that began (up) and ended (down) in each hour of the last day. */
export function ChurnBars({ hours }: { readonly hours: readonly ChurnHour[] }) {
  const time = useTimeText();
  const top = Math.max(1, ...hours.map(({ born, ended }) => Math.max(born, ended)));
  const bornAll = hours.reduce((sum, { born }) => sum + born, 0);
  const endedAll = hours.reduce((sum, { ended }) => sum + ended, 0);
  const px = (count: number) => (count === 0 ? 0 : Math.max(2, (count / top) * HALF_PX));
  return (
    <Card
      title="Churn per hour"
      description={`${formatValue(bornAll, 'count')} series began and ${formatValue(endedAll, 'count')} ended in the last 24 hours.`}
    >
      <div aria-hidden className="flex gap-px sm:gap-1">
        <div
          className="flex w-12 shrink-0 flex-col justify-between pr-1 text-right text-[0.6875rem] leading-none text-muted"
          style={{ height: HALF_PX * 2 }}
        >
          <span>{formatValue(top, 'count')}</span>
          <span>0</span>
          <span>{formatValue(top, 'count')}</span>
        </div>
        {hours.map(({ at, born, ended }, i) => (
          <div
            key={at}
            className="flex min-w-0 flex-1 flex-col"
            title={`${time.dateTime(at)}: ${born} began, ${ended} ended`}
          >
            <div className="flex items-end border-b border-line-strong" style={{ height: HALF_PX }}>
              <div className="w-full rounded-t-sm bg-accent" style={{ height: px(born) }} />
            </div>
            <div style={{ height: HALF_PX }}>
              <div className="w-full rounded-b-sm bg-line-strong" style={{ height: px(ended) }} />
            </div>
            <div className="h-4 text-[0.6875rem] leading-4 whitespace-nowrap text-muted">
              {i % 6 === 0 ? time.minute(at) : ''}
            </div>
          </div>
        ))}
      </div>
      <p aria-hidden className="mt-1 flex gap-4 text-xs text-muted">
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-xs bg-accent" /> began (up)
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-xs bg-line-strong" /> ended (down)
        </span>
      </p>
      <details className="mt-1 text-xs">
        <summary className="min-h-6 text-muted hover:text-text">As a table</summary>
        <table className="mt-1">
          <caption className="sr-only">Series that began and ended by hour</caption>
          <thead>
            <tr className="text-left text-muted">
              <th scope="col" className="pr-6 font-medium">
                Hour
              </th>
              <th scope="col" className="pr-6 text-right font-medium">
                Began
              </th>
              <th scope="col" className="text-right font-medium">
                Ended
              </th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ at, born, ended }) => (
              <tr key={at}>
                <td className="pr-6">{time.dateTime(at)}</td>
                <td className="pr-6 text-right">{born}</td>
                <td className="text-right">{ended}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}
