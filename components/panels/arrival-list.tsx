import { CircleCheck, CircleDashed, CircleDot } from 'lucide-react';
import { TimeLink } from '#components/time/time-link.tsx';
import { type Arrival, arrivalState } from '#lib/show/arrival.ts';
import { formatAgo, formatValue } from '#lib/show/format.ts';

const SIGNALS: Record<Arrival['signal'], { label: string; unit: string; anchor: string }> = {
  metrics: { label: 'Metrics', unit: 'samples', anchor: 'prometheus' },
  spans: { label: 'Traces', unit: 'spans', anchor: 'traces' },
  statements: { label: 'Slow queries', unit: 'statements', anchor: 'postgresql' },
  events: { label: 'Changes', unit: 'events', anchor: 'changes' },
};
const STATES = {
  flowing: { icon: CircleCheck, colour: 'text-ok' },
  quiet: { icon: CircleDot, colour: 'text-muted' },
  missing: { icon: CircleDashed, colour: 'text-muted' },
};

/** Which signals come in: how many, and when the last one came. */
export function ArrivalList({
  arrivals,
  now,
}: {
  readonly arrivals: readonly Arrival[];
  readonly now: number;
}) {
  return (
    <ul className="divide-y border-t">
      {arrivals.map((arrival) => {
        const { label, unit, anchor } = SIGNALS[arrival.signal];
        const { icon: Icon, colour } = STATES[arrivalState(arrival, now)];
        return (
          <li key={arrival.signal} className="flex min-h-10 items-center gap-3 px-3 py-1.5 sm:px-4">
            <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} />
            <span className="w-24 shrink-0">{label}</span>
            {arrival.last === undefined ? (
              <span className="text-xs text-muted">
                none yet ·{' '}
                <TimeLink href={`/connect#${anchor}`} className="text-accent underline">
                  connect
                </TimeLink>
              </span>
            ) : (
              <span className="min-w-0 text-xs text-muted">
                {formatValue(arrival.count, 'count')} {arrival.count === 1 ? unit.slice(0, -1) : unit}, last{' '}
                {formatAgo(arrival.last, now)}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
