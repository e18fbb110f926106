'use client';

import { ArrowDown } from 'lucide-react';
import { Markdown } from '#components/playbooks/markdown.tsx';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { LinkButton } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Confidence } from '#components/ui/confidence.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { Finding } from '#lib/model/finding.ts';
import type { FindingModel } from '#lib/show/finding-detail.ts';
import { impactPhrases } from '#lib/show/finding-order.ts';
import { formatAgo } from '#lib/show/format.ts';
import type { PlaybookStepModel } from '#lib/show/playbook-sections.ts';

export interface NextStep {
  /** undefined when all are done */
  readonly step: PlaybookStepModel | undefined;
  readonly done: number;
  readonly of: number;
}

/** The finding in one card: what it is, what it costs, how sure, and the next thing to do. */
export function Claim({ data, next }: { readonly data: FindingModel; readonly next: NextStep | undefined }) {
  const { finding } = data;
  const time = useTimeText();
  const impact = impactPhrases(finding.impact);
  return (
    <Card>
      <div className="space-y-3">
        <p className="max-w-prose text-base leading-6 break-words">
          <InlineText text={finding.summary} />
        </p>
        <Subject subject={finding.subject} />
        {impact.length > 0 && (
          <ul className="flex flex-wrap gap-x-5 gap-y-1 font-medium">
            {impact.map((phrase) => (
              <li key={phrase}>{phrase}</li>
            ))}
          </ul>
        )}
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
          <Confidence value={finding.confidence} />
          <span title={time.iso(finding.firstSeen)}>began {formatAgo(finding.firstSeen, data.now)}</span>
          <span title={time.iso(finding.lastSeen)}>last seen {formatAgo(finding.lastSeen, data.now)}</span>
        </p>
        {next && (
          <div className="rounded-md border border-accent/40 bg-accent-soft px-3 py-2.5">
            <p className="text-xs font-medium text-accent">
              {next.step ? `Next: ${next.step.heading}` : 'All steps are done'} ({next.done} of {next.of})
            </p>
            {next.step && <Markdown text={firstParagraph(next.step.text)} className="mt-1" />}
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <LinkButton variant="primary" href="#steps">
            All steps <ArrowDown aria-hidden />
          </LinkButton>
          <LinkButton href="#proof">What proves it</LinkButton>
        </div>
      </div>
    </Card>
  );
}

const firstParagraph = (markdown: string): string => markdown.split('\n\n', 1)[0] ?? '';

function Subject({ subject }: { readonly subject: Finding['subject'] }) {
  const { service, query } = subject;
  const rest = [
    subject.operation,
    subject.instance,
    subject.database,
    subject.table,
    subject.dependency,
  ].filter(Boolean);
  const look = 'text-accent hover:underline';
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1">
      {service !== undefined && (
        <TimeLink href={`/services/${encodeURIComponent(service)}`} className={look}>
          {service}
        </TimeLink>
      )}
      {rest.map((part) => (
        <span key={part} className="min-w-0 break-words text-muted">
          {part}
        </span>
      ))}
      {query !== undefined && /^[0-9a-f]{16}$/.test(query) && (
        <TimeLink href={`/queries/${query}`} className={look}>
          the query
        </TimeLink>
      )}
    </p>
  );
}
