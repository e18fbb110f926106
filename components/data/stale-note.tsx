'use client';

import { TriangleAlert } from 'lucide-react';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Button } from '#components/ui/button.tsx';

/** Says that what stands below is old, and why. */
export function StaleNote({
  since,
  reason,
  onRetry,
}: {
  readonly since: number;
  readonly reason: string | undefined;
  readonly onRetry: () => void;
}) {
  const time = useTimeText();
  return (
    <div
      role="status"
      className="mb-3 flex items-center gap-2 rounded-md bg-warning-soft px-3 py-1.5 text-xs text-warning"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 flex-1">
        Stale since {time.clock(since)}. {reason}
      </span>
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
