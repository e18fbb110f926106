import { classNames } from './class-names.ts';

/** Grey stand-in while data loads. Give it the height of what will come, so that nothing jumps. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={classNames('motion-safe:animate-pulse rounded bg-raised', className)} />;
}

export function SkeletonRows({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="divide-y">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are identical and never move
        <div key={row} className="px-3 py-2.5 sm:px-4">
          <Skeleton className="h-4" />
        </div>
      ))}
    </div>
  );
}
