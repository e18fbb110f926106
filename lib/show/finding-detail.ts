import type { ChangeEvent } from '#lib/model/event.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { EvidenceModel } from './evidence.ts';

export interface FindingsModel {
  /** ms since the epoch: when the server answered */
  readonly now: number;
  readonly findings: readonly Finding[];
  /** Of both tabs. */
  readonly counts: { readonly open: number; readonly resolved: number };
  /** Names to filter by. */
  readonly services: readonly string[];
}

export interface FindingModel {
  readonly now: number;
  readonly finding: Finding;
  /** What kind of problem it is, as people name it. */
  readonly kind: string;
  readonly evidence: readonly EvidenceModel[];
  /** The finding that explains this one. */
  readonly cause: Finding | undefined;
  /** Findings that this one explains. */
  readonly effects: readonly Finding[];
  readonly timeline: readonly TimelineEntry[];
}

export interface TimelineEntry {
  /** ms since the epoch */
  readonly at: number;
  readonly kind: 'change' | 'cause' | 'began' | 'last-seen' | 'resolved';
  readonly title: string;
  /** Of this app, or the page that a change names. */
  readonly href?: string;
}

/** What happened around a finding, in order of time. */
export function timelineOf(
  finding: Finding,
  events: readonly ChangeEvent[],
  cause: Finding | undefined,
): TimelineEntry[] {
  const changes = events.map(
    (event): TimelineEntry => ({
      at: event.at,
      kind: 'change',
      title: [event.title, event.service && `(${event.service})`].filter(Boolean).join(' '),
      ...(/^https?:\/\//.test(event.url) ? { href: event.url } : {}),
    }),
  );
  const causes: TimelineEntry[] = cause
    ? [
        {
          at: cause.firstSeen,
          kind: 'cause',
          title: `The cause began: ${cause.title}`,
          href: `/findings/${encodeURIComponent(cause.id)}`,
        },
      ]
    : [];
  const resolved = finding.state === 'resolved';
  return [
    ...changes,
    ...causes,
    { at: finding.firstSeen, kind: 'began' as const, title: 'It began' },
    {
      at: finding.lastSeen,
      kind: resolved ? ('resolved' as const) : ('last-seen' as const),
      title: resolved ? 'Seen for the last time' : 'Seen last, still open',
    },
  ].toSorted((a, b) => a.at - b.at);
}
