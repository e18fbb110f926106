'use client';

import {
  ArrowRight,
  CalendarClock,
  ChartLine,
  Database,
  ListTree,
  type LucideIcon,
  Sigma,
  Waypoints,
} from 'lucide-react';
import { Panel } from '#components/panels/panel.tsx';
import { TimeLink } from '#components/time/time-link.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import type { EvidenceModel } from '#lib/show/evidence.ts';

const KINDS: Record<EvidenceModel['kind'], { icon: LucideIcon; word: string }> = {
  series: { icon: ChartLine, word: 'Metric' },
  trace: { icon: Waypoints, word: 'Trace' },
  query: { icon: Database, word: 'Query' },
  plan: { icon: ListTree, word: 'Execution plan' },
  event: { icon: CalendarClock, word: 'Change' },
  statistic: { icon: Sigma, word: 'Statistic' },
};
const CHART_PX = 140;

/** What proves a finding: each number beside what is usual and what is too much, and where to see it. */
export function EvidenceList({ evidence }: { readonly evidence: readonly EvidenceModel[] }) {
  return (
    <ol className="divide-y border-t">
      {evidence.map((proof, i) => {
        const { icon: Icon, word } = KINDS[proof.kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the proofs of a finding never reorder
          <li key={i} className="px-3 py-3 sm:px-4">
            <div className="grid gap-x-6 gap-y-2 md:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
              <div className="min-w-0">
                <p className="flex items-center gap-1.5 text-xs text-muted">
                  <Icon aria-hidden className="size-3.5" /> {word}
                </p>
                <p className="mt-0.5 font-medium break-words">
                  <InlineText text={proof.title} />
                </p>
                <p className="mt-1 flex flex-wrap gap-x-4">
                  {proof.link && <ProofLink href={proof.link.href} label={proof.link.label} />}
                  {proof.explore && <ProofLink href={proof.explore} label="Explore the metric" />}
                </p>
              </div>
              {proof.value !== undefined && <Comparison proof={proof} />}
            </div>
            {proof.panel && (
              <div className="mt-3">
                <Panel panel={{ ...proof.panel, id: `evidence-${i + 1}` }} height={CHART_PX} />
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function ProofLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <TimeLink href={href} className="inline-flex min-h-6 items-center gap-1 text-accent hover:underline">
      {label} <ArrowRight aria-hidden className="size-3.5" />
    </TimeLink>
  );
}

/** A number in words, and on a small scale with the usual value and the limit marked. */
function Comparison({ proof }: { readonly proof: EvidenceModel }) {
  const { scale } = proof;
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-lg font-semibold">{proof.value}</span>
        {proof.change && <span className="text-warning">{proof.change}</span>}
      </p>
      {scale && (
        <div aria-hidden className="relative my-1.5 h-3 rounded-xs bg-raised">
          <div className="h-full rounded-xs bg-accent" style={{ width: `${scale.value * 100}%` }} />
          {scale.baseline !== undefined && <Mark at={scale.baseline} className="bg-text" />}
          {scale.threshold !== undefined && (
            <Mark at={scale.threshold} className="border-l-2 border-dashed border-critical" />
          )}
        </div>
      )}
      <p className="flex flex-wrap gap-x-4 text-xs text-muted">
        {proof.baseline !== undefined && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="h-3 w-0.5 bg-text" /> usual {proof.baseline}
          </span>
        )}
        {proof.threshold !== undefined && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="h-3 border-l-2 border-dashed border-critical" /> limit{' '}
            {proof.threshold}
          </span>
        )}
      </p>
    </div>
  );
}

function Mark({ at, className }: { readonly at: number; readonly className: string }) {
  return (
    <span
      className={`absolute -top-1 -bottom-1 w-0.5 outline outline-surface ${className}`}
      style={{ left: `calc(${at * 100}% - ${at > 0.5 ? 2 : 0}px)` }}
    />
  );
}
