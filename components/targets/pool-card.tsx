import { TriangleAlert } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import type { Label } from '#lib/model/labels.ts';
import type { TargetPool } from '#lib/show/targets.ts';
import { LabelList } from './label-list.tsx';
import { TargetItem } from './target-item.tsx';

/** One scrape config with its targets. */
export function PoolCard({ pool, now }: { readonly pool: TargetPool; readonly now: number }) {
  const { name, targets, matching, up, all, dropped, droppedLabels, problems } = pool;
  return (
    <Card
      title={name}
      flush
      actions={
        <Badge tone={all === 0 ? 'neutral' : up === all ? 'ok' : up === 0 ? 'critical' : 'warning'}>
          {`${up} of ${all} up`}
        </Badge>
      }
    >
      {problems.length > 0 && (
        <ul className="border-t bg-warning-soft px-3 py-2 sm:px-4">
          {problems.map((problem) => (
            <li key={problem} className="flex gap-2 text-[0.8125rem]">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
              <span className="min-w-0 break-words">{problem}</span>
            </li>
          ))}
        </ul>
      )}
      {all === 0 && (
        <p className="border-t px-3 py-4 text-muted sm:px-4">
          {dropped > 0
            ? 'Relabelling drops every target that was discovered.'
            : 'No targets: nothing was discovered.'}
        </p>
      )}
      {targets.length > 0 && (
        <ul className="divide-y border-t">
          {targets.map((target) => (
            <TargetItem key={target.key} target={target} now={now} />
          ))}
        </ul>
      )}
      {matching > targets.length && (
        <p className="border-t px-3 py-2 text-xs text-muted sm:px-4">
          {targets.length} of {matching} shown; narrow the filter to see the others.
        </p>
      )}
      {dropped > 0 && <Dropped count={dropped} labels={droppedLabels} />}
    </Card>
  );
}

function Dropped({
  count,
  labels,
}: {
  readonly count: number;
  readonly labels: readonly (readonly Label[])[];
}) {
  return (
    <details className="border-t">
      <summary className="cursor-pointer px-3 py-2 text-xs text-muted hover:text-text sm:px-4">
        {`${count} discovered, but dropped by relabelling`}
      </summary>
      <ul className="divide-y border-t">
        {labels.map((own) => (
          <li key={JSON.stringify(own)} className="px-3 py-2 sm:px-4">
            <LabelList labels={own} />
          </li>
        ))}
      </ul>
      {count > labels.length && (
        <p className="border-t px-3 py-2 text-xs text-muted sm:px-4">{`${labels.length} of ${count} shown.`}</p>
      )}
    </details>
  );
}
