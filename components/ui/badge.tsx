import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  Info,
  type LucideIcon,
  OctagonAlert,
  OctagonX,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Finding } from '#lib/model/finding.ts';
import type { Health } from '#lib/show/service-row.ts';
import { classNames } from './class-names.ts';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warning' | 'critical' | 'info';

const TONES: Record<Tone, string> = {
  neutral: 'bg-raised text-muted',
  accent: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warning: 'bg-warning-soft text-warning',
  critical: 'bg-critical-soft text-critical',
  info: 'bg-info-soft text-info',
};

/** A short word on a tinted ground. The word carries the meaning, the colour only helps. */
export function Badge({
  tone = 'neutral',
  icon: Icon,
  className,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
        className,
      )}
    >
      {Icon && <Icon aria-hidden className="size-3.5" />}
      {children}
    </span>
  );
}

const SEVERITY: Record<Finding['severity'], { tone: Tone; icon: LucideIcon; word: string }> = {
  critical: { tone: 'critical', icon: OctagonAlert, word: 'Critical' },
  warning: { tone: 'warning', icon: TriangleAlert, word: 'Warning' },
  info: { tone: 'info', icon: Info, word: 'Info' },
};

export function SeverityBadge({ severity }: { readonly severity: Finding['severity'] }) {
  const { tone, icon, word } = SEVERITY[severity];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

const HEALTH: Record<Health, { tone: Tone; icon: LucideIcon; word: string }> = {
  ok: { tone: 'ok', icon: CircleCheck, word: 'Healthy' },
  degraded: { tone: 'warning', icon: TriangleAlert, word: 'Degraded' },
  down: { tone: 'critical', icon: OctagonX, word: 'Down' },
  unknown: { tone: 'neutral', icon: CircleHelp, word: 'Unknown' },
};

export function HealthBadge({ health }: { readonly health: Health }) {
  const { tone, icon, word } = HEALTH[health];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

export function StateBadge({ state }: { readonly state: Finding['state'] }) {
  return state === 'open' ? (
    <Badge tone="critical" icon={CircleAlert}>
      Open
    </Badge>
  ) : (
    <Badge tone="ok" icon={CircleCheck}>
      Resolved
    </Badge>
  );
}
