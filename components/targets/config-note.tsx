'use client';

import { TriangleAlert } from 'lucide-react';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Code } from '#components/ui/code-block.tsx';
import { formatAgo } from '#lib/show/format.ts';
import type { TargetsModel } from '#lib/show/targets.ts';

/** Which configuration is in force; loudly when the file has turned bad since. */
export function ConfigNote({
  config,
  now,
}: {
  readonly config: NonNullable<TargetsModel['config']>;
  readonly now: number;
}) {
  const time = useTimeText();
  const loaded = (
    <>
      <Code>{config.path}</Code>, read {formatAgo(config.loadedAt, now)} ({time.dateTime(config.loadedAt)})
    </>
  );
  if (config.error === null) return <p className="text-xs text-muted">Configuration: {loaded}</p>;
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-warning/40 bg-warning-soft px-4 py-3">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div className="min-w-0 space-y-1">
        <p className="font-medium">The configuration file has an error; the one before stays in force</p>
        <p className="font-mono text-[0.8125rem] break-words whitespace-pre-wrap">{config.error}</p>
        <p className="text-xs text-muted">
          Correct the file and it is taken within seconds. In force: {loaded}
        </p>
      </div>
    </div>
  );
}
