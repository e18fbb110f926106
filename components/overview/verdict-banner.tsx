'use client';

import { ArrowRight, CircleCheck, CircleHelp, OctagonAlert, TriangleAlert } from 'lucide-react';
import { useTimeHref } from '#components/time/time-link.tsx';
import { SeverityBadge } from '#components/ui/badge.tsx';
import { LinkButton } from '#components/ui/button.tsx';
import { Confidence } from '#components/ui/confidence.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { Finding } from '#lib/model/finding.ts';
import { impactPhrases } from '#lib/show/finding-order.ts';
import { formatAgo } from '#lib/show/format.ts';
import type { OverviewModel } from '#lib/show/overview.ts';

const LOOKS = {
  critical: { ground: 'border-critical/40 bg-critical-soft', text: 'text-critical', icon: OctagonAlert },
  warning: { ground: 'border-warning/40 bg-warning-soft', text: 'text-warning', icon: TriangleAlert },
  healthy: { ground: 'border-ok/40 bg-ok-soft', text: 'text-ok', icon: CircleCheck },
  unknown: { ground: 'border-line bg-raised', text: 'text-muted', icon: CircleHelp },
};

/** Are we fine? If not: what is it, how sure, what next. */
export function VerdictBanner({ data }: { readonly data: OverviewModel }) {
  const timeHref = useTimeHref();
  const { state, headline, reasons } = data.verdict;
  const finding = state === 'bottleneck' ? data.findings.find((f) => f.severity !== 'info') : undefined;
  const look =
    LOOKS[
      state === 'healthy'
        ? 'healthy'
        : state === 'insufficient-data'
          ? 'unknown'
          : finding?.severity === 'critical'
            ? 'critical'
            : 'warning'
    ];
  return (
    <section aria-label="Verdict" className={`rounded-lg border p-3 sm:p-4 ${look.ground}`}>
      <div className="flex gap-3">
        <look.icon aria-hidden className={`mt-0.5 size-6 shrink-0 ${look.text}`} />
        <div className="min-w-0 flex-1 space-y-2">
          <p className="text-lg leading-6 font-semibold break-words">
            <InlineText text={headline} />
          </p>
          {finding && <FindingFacts finding={finding} now={data.now} />}
          {reasons.length > 0 && <p className="text-muted">{reasons.join(' ')}</p>}
          <div className="flex flex-wrap gap-2">
            {finding && (
              <>
                <LinkButton variant="primary" href={timeHref(`/findings/${encodeURIComponent(finding.id)}`)}>
                  See the proof and what to do <ArrowRight aria-hidden />
                </LinkButton>
                <LinkButton
                  href={timeHref(
                    `/playbooks/${encodeURIComponent(finding.playbook.id)}?finding=${encodeURIComponent(finding.id)}`,
                  )}
                >
                  Open the playbook
                </LinkButton>
              </>
            )}
            {state === 'insufficient-data' && (
              <LinkButton variant="primary" href="/connect">
                Connect data <ArrowRight aria-hidden />
              </LinkButton>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

function FindingFacts({ finding, now }: { readonly finding: Finding; readonly now: number }) {
  return (
    <>
      <p className="max-w-prose break-words">
        <InlineText text={finding.summary} />
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <SeverityBadge severity={finding.severity} />
        <Confidence value={finding.confidence} />
        {impactPhrases(finding.impact).map((phrase) => (
          <span key={phrase}>{phrase}</span>
        ))}
        <span>began {formatAgo(finding.firstSeen, now)}</span>
      </div>
    </>
  );
}
