'use client';

import { ErrorState } from '#components/ui/states.tsx';

export default function ErrorPage({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  const trace = error.digest === undefined ? '' : ` (log mark ${error.digest})`;
  return (
    <div className="p-4">
      <h1 id="page-title" tabIndex={-1} className="sr-only">
        Something broke
      </h1>
      <ErrorState
        title="This page broke"
        message={`Chokepoint could not draw it${trace}. Your data is not affected.`}
        onRetry={reset}
      />
    </div>
  );
}
