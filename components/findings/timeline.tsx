'use client';

import { Check, Flag, GitCommitHorizontal, type LucideIcon, OctagonAlert, Radio } from 'lucide-react';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { classNames } from '#components/ui/class-names.ts';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { TimelineEntry } from '#lib/show/finding-detail.ts';
import { formatDuration } from '#lib/show/format.ts';

const ICONS: Record<TimelineEntry['kind'], LucideIcon> = {
  change: GitCommitHorizontal,
  cause: OctagonAlert,
  began: Flag,
  'last-seen': Radio,
  resolved: Check,
};

/** What happened, with how long before or after the beginning. */
export function Timeline({
  entries,
  began,
}: {
  readonly entries: readonly TimelineEntry[];
  /** ms since the epoch */
  readonly began: number;
}) {
  const time = useTimeText();
  return (
    <ol className="space-y-2">
      {entries.map((entry) => {
        const Icon = ICONS[entry.kind];
        return (
          <li key={`${entry.kind} ${entry.at} ${entry.title}`} className="flex gap-2.5">
            <Icon
              aria-hidden
              className={classNames(
                'mt-0.5 size-4 shrink-0',
                entry.kind === 'began' ? 'text-critical' : 'text-muted',
              )}
            />
            <div className="min-w-0">
              <p className={classNames('break-words', entry.kind === 'began' && 'font-medium')}>
                <EntryTitle entry={entry} />
              </p>
              <p className="text-xs text-muted">
                {time.dateTime(entry.at)}
                {offsetWords(entry.at - began)}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function EntryTitle({ entry }: { readonly entry: TimelineEntry }) {
  const title = <InlineText text={entry.title} />;
  if (entry.href === undefined) return title;
  const look = 'text-accent hover:underline';
  return entry.href.startsWith('/') ? (
    <TimeLink href={entry.href} className={look}>
      {title}
    </TimeLink>
  ) : (
    <a href={entry.href} rel="noreferrer" className={look}>
      {title}
    </a>
  );
}

function offsetWords(ms: number): string {
  if (Math.abs(ms) < 1000) return '';
  return ms < 0 ? `, ${formatDuration(-ms)} before it began` : `, ${formatDuration(ms)} after`;
}
