'use client';

import { ArrowRight } from 'lucide-react';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Badge, SeverityBadge } from '#components/ui/badge.tsx';
import { Confidence } from '#components/ui/confidence.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { Finding } from '#lib/model/finding.ts';
import { impactPhrases } from '#lib/show/finding-order.ts';
import { formatAgo } from '#lib/show/format.ts';

/** One finding of the list; the whole card leads to its proof. */
export function FindingCard({ finding, now }: { readonly finding: Finding; readonly now: number }) {
  const time = useTimeText();
  const where = [finding.subject.service, finding.subject.operation].filter(Boolean).join(' · ');
  return (
    <li className="relative rounded-lg border bg-surface p-3 hover:bg-raised/60 sm:p-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-2">
            <SeverityBadge severity={finding.severity} />
            {where !== '' && <span className="min-w-0 truncate text-xs text-muted">{where}</span>}
            {finding.causedBy !== undefined && <Badge>follows from another</Badge>}
          </div>
          <h2 className="mt-1 font-semibold break-words">
            <TimeLink
              href={`/findings/${encodeURIComponent(finding.id)}`}
              className="after:absolute after:inset-0 hover:underline"
            >
              <InlineText text={finding.title} />
            </TimeLink>
          </h2>
          <p className="mt-1 line-clamp-3 max-w-prose text-muted">
            <InlineText text={finding.summary} />
          </p>
          <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <Confidence value={finding.confidence} />
            {impactPhrases(finding.impact).map((phrase) => (
              <span key={phrase}>{phrase}</span>
            ))}
            <span title={time.iso(finding.firstSeen)}>began {formatAgo(finding.firstSeen, now)}</span>
            <span title={time.iso(finding.lastSeen)}>last seen {formatAgo(finding.lastSeen, now)}</span>
          </div>
        </div>
        <ArrowRight aria-hidden className="mt-1 size-4 shrink-0 text-muted max-sm:hidden" />
      </div>
    </li>
  );
}
