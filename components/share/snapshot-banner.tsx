'use client';

import { Snowflake } from 'lucide-react';
import Link from 'next/link';
import { useTimeText } from '#components/time/use-time-text.ts';

/** Says that nothing below moves, and from when it is. */
export function SnapshotBanner({
  title,
  createdAt,
  livePage,
  from,
  to,
}: {
  readonly title: string;
  readonly createdAt: number;
  readonly livePage: string;
  readonly from: number;
  readonly to: number;
}) {
  const time = useTimeText();
  return (
    <aside
      aria-label="About this snapshot"
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border bg-info-soft px-3 py-2"
    >
      <Snowflake aria-hidden className="size-4 shrink-0 text-info" />
      <strong className="min-w-0 break-words">{title}</strong>
      <span className="text-muted">
        Snapshot of {time.dateTime(createdAt)}, showing {time.dateTime(from)} to {time.dateTime(to)} (
        {time.zone})
      </span>
      <Link href={livePage} className="ml-auto text-accent underline">
        Open the live page
      </Link>
    </aside>
  );
}
