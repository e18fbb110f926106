'use client';

import { ChevronRight, CircleCheck, CircleDashed, OctagonX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Badge } from '#components/ui/badge.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { formatAgo, formatValue } from '#lib/show/format.ts';
import type { TargetHealth, TargetRow } from '#lib/show/targets.ts';
import { LabelList } from './label-list.tsx';

const HEALTH = {
  up: { tone: 'ok', icon: CircleCheck, word: 'Up' },
  down: { tone: 'critical', icon: OctagonX, word: 'Down' },
  unknown: { tone: 'neutral', icon: CircleDashed, word: 'Not yet' },
} as const satisfies Record<TargetHealth, unknown>;

/** One target: how it is, what its last scrape brought, its error in full; the rest on demand. */
export function TargetItem({ target, now }: { readonly target: TargetRow; readonly now: number }) {
  const { health, instance, labels, lastScrape, lastScrapeMs, samples, error, advice } = target;
  const { tone, icon, word } = HEALTH[health];
  return (
    <li>
      <details className="group">
        <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 hover:bg-raised/60 sm:px-4 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
          />
          <span className="inline-flex w-20 shrink-0">
            <Badge tone={tone} icon={icon}>
              {word}
            </Badge>
          </span>
          <span className="min-w-40 flex-1 break-all">
            <span className="font-medium">{instance}</span>
            <span className="ml-3 text-xs text-muted max-lg:hidden">
              {labels.map(([name, value]) => `${name}=${value}`).join('  ')}
            </span>
          </span>
          <Fact className="w-24" label="last scrape">
            {lastScrape === null ? '–' : formatAgo(lastScrape, now)}
          </Fact>
          <Fact className="w-20" label="took">
            {lastScrape === null ? '–' : formatValue(lastScrapeMs, 'ms')}
          </Fact>
          <Fact className="w-28" label="samples">
            {lastScrape === null
              ? '–'
              : `${formatValue(samples, 'count')} ${samples === 1 ? 'sample' : 'samples'}`}
          </Fact>
        </summary>
        <Details target={target} />
      </details>
      {error !== '' && (
        <div className="px-3 pb-3 text-[0.8125rem] sm:px-4 sm:pl-11">
          <p className="break-words text-critical">{error}</p>
          {advice !== null && <p className="mt-0.5 text-muted">{advice}</p>}
        </div>
      )}
    </li>
  );
}

function Fact({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={`shrink-0 text-[0.8125rem] text-muted sm:text-right ${className}`}>
      <span className="sr-only">{label} </span>
      {children}
    </span>
  );
}

function Details({ target }: { readonly target: TargetRow }) {
  const time = useTimeText();
  const { url, labels, discoveredLabels, lastScrape, intervalMs, timeoutMs, missed } = target;
  return (
    <div className="px-3 pt-1 pb-4 text-[0.8125rem] sm:px-4 sm:pl-11">
      <KeyValue
        layout="rows"
        items={[
          {
            label: 'URL',
            value: (
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="break-all text-accent hover:underline"
              >
                {url}
              </a>
            ),
          },
          {
            label: 'Scraped',
            value: `every ${formatValue(intervalMs, 'ms')}, at most ${formatValue(timeoutMs, 'ms')} each${
              missed > 0 ? `; ${missed} left out because one took too long` : ''
            }`,
          },
          { label: 'Last scrape', value: lastScrape === null ? 'not yet' : time.iso(lastScrape) },
          { label: 'Labels', value: <LabelList labels={labels} /> },
          { label: 'Discovered', value: <LabelList labels={discoveredLabels} /> },
        ]}
      />
    </div>
  );
}
