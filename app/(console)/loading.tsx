import { Skeleton } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-28" />
      <Skeleton className="h-64" />
    </div>
  );
}
