import type { DemoFaultRow } from '#app/api/demo/shop.ts';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Badge } from '#components/ui/badge.tsx';
import { classNames } from '#components/ui/class-names.ts';

/** One fault: its switch, what it changes, since when it is on, and what Chokepoint has found of it. */
export function FaultRow({
  fault,
  pending,
  onSwitch,
}: {
  readonly fault: DemoFaultRow;
  readonly pending: boolean;
  readonly onSwitch: (on: boolean) => void;
}) {
  const { clock } = useTimeText();
  return (
    <li className="flex items-start gap-3 px-3 py-3 sm:px-4">
      <button
        type="button"
        role="switch"
        aria-checked={fault.on}
        aria-label={fault.title}
        aria-busy={pending}
        disabled={pending}
        onClick={() => onSwitch(!fault.on)}
        className={classNames(
          'relative mt-0.5 h-6 w-11 shrink-0 rounded-full border transition-colors disabled:opacity-60',
          fault.on ? 'border-transparent bg-critical-fill' : 'border-line-strong bg-raised',
        )}
      >
        <span
          aria-hidden
          className={classNames(
            'absolute top-0.5 left-0.5 size-4.5 rounded-full border border-line-strong bg-surface transition-transform',
            fault.on && 'translate-x-5',
          )}
        />
      </button>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{fault.title}</span>
          <TimeLink href={`/services/${fault.service}`} className="text-xs text-muted hover:underline">
            {fault.service}
          </TimeLink>
          {pending && <Badge>Switching …</Badge>}
          {!pending && fault.since !== null && <Badge tone="critical">On since {clock(fault.since)}</Badge>}
        </p>
        <p className="text-muted">{fault.what}</p>
        <p className="mt-1 text-xs">
          <Outcome fault={fault} />
        </p>
      </div>
    </li>
  );
}

function Outcome({ fault }: { readonly fault: DemoFaultRow }) {
  if (fault.finding) {
    return (
      <TimeLink href={`/findings/${fault.finding.id}`} className="text-accent hover:underline">
        Found: {fault.finding.title}
      </TimeLink>
    );
  }
  if (fault.detector === null) return <span className="text-muted">Should raise nothing.</span>;
  return (
    <span className="text-muted">
      {fault.on ? 'Waiting for' : 'Raises'} <span className="font-mono">{fault.detector}</span>
      {fault.on && ' …'}
    </span>
  );
}
