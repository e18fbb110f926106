'use client';

import { TimeLink } from '#components/time/time-link.tsx';
import { Badge, SeverityBadge } from '#components/ui/badge.tsx';
import { Confidence } from '#components/ui/confidence.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { Finding } from '#lib/model/finding.ts';
import { impactPhrases } from '#lib/show/finding-order.ts';
import { formatAgo } from '#lib/show/format.ts';

/** Findings one under the other; each leads to its proof and its playbook. */
export function FindingList({
  findings,
  now,
}: {
  readonly findings: readonly Finding[];
  /** ms since the epoch, from the answer that brought the findings */
  readonly now: number;
}) {
  return (
    <ul className="divide-y border-t">
      {findings.map((finding) => (
        <li key={finding.id} className="relative px-3 py-2.5 hover:bg-raised/60 sm:px-4">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <SeverityBadge severity={finding.severity} />
            <TimeLink
              href={`/findings/${encodeURIComponent(finding.id)}`}
              className="min-w-0 font-medium break-words after:absolute after:inset-0 hover:underline"
            >
              <InlineText text={finding.title} />
            </TimeLink>
            {finding.state === 'resolved' && <Badge tone="ok">Resolved</Badge>}
            {finding.causedBy !== undefined && <Badge>follows from another</Badge>}
          </div>
          <p className="mt-1 line-clamp-2 text-muted">
            <InlineText text={finding.summary} />
          </p>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <Confidence value={finding.confidence} />
            {impactPhrases(finding.impact).map((phrase) => (
              <span key={phrase}>{phrase}</span>
            ))}
            <span>began {formatAgo(finding.firstSeen, now)}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
