'use client';

import type { ReactNode } from 'react';
import { StaleNote } from '#components/data/stale-note.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { ErrorState } from '#components/ui/states.tsx';
import type { ViewState } from './use-view.ts';

/** Loading, failed, stale or there: what every part of a page shows around its data. */
export function ViewBoundary<M>({
  view,
  skeleton = <SkeletonRows />,
  children,
}: {
  readonly view: ViewState<M>;
  readonly skeleton?: ReactNode;
  readonly children: (data: M) => ReactNode;
}) {
  if (view.data === undefined) {
    return view.error === undefined ? skeleton : <ErrorState message={view.error} onRetry={view.retry} />;
  }
  return (
    <div aria-busy={view.updating} className={view.updating ? 'opacity-60 transition-opacity' : undefined}>
      {view.staleSince !== undefined && (
        <StaleNote since={view.staleSince} reason={view.error} onRetry={view.retry} />
      )}
      {children(view.data)}
    </div>
  );
}
