'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { FindingList } from '#components/panels/finding-list.tsx';
import { PlaybookBody } from '#components/playbooks/playbook-body.tsx';
import { PlaybookFacts } from '#components/playbooks/playbook-facts.tsx';
import { allSteps, type StepsState, useSteps } from '#components/playbooks/use-steps.ts';
import { TimeLink, useTimeHref } from '#components/time/time-link.tsx';
import { SeverityBadge, StateBadge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { InlineText } from '#components/ui/inline-text.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { FindingModel } from '#lib/show/finding-detail.ts';
import type { PlaybookModel } from '#lib/show/playbook-sections.ts';
import { Claim } from './claim.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { Timeline } from './timeline.tsx';

/** In the order that a person asks at 3 a.m.: what is it, what next, what proves it, how to mend it. */
export function FindingPage({ id }: { readonly id: string }) {
  const view = useView<FindingModel>('finding', { id });
  const timeHref = useTimeHref();
  const finding = view.data?.finding;
  return (
    <>
      <PageHeader
        title={finding ? <InlineText text={finding.title} /> : 'Finding'}
        back={{ label: 'Findings', href: timeHref('/findings') }}
        badges={
          finding && (
            <>
              <SeverityBadge severity={finding.severity} />
              <StateBadge state={finding.state} />
            </>
          )
        }
        description={view.data?.kind}
      />
      <ViewBoundary
        view={view}
        skeleton={
          <Card>
            <SkeletonRows />
          </Card>
        }
      >
        {(data) => <FindingBody data={data} />}
      </ViewBoundary>
    </>
  );
}

function FindingBody({ data }: { readonly data: FindingModel }) {
  const { finding } = data;
  const playbook = useView<PlaybookModel>(
    'playbook',
    { id: finding.playbook.id, finding: finding.id },
    { refreshMs: false },
  );
  const steps = useSteps(playbook.data, playbook.retry);
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_22rem] xl:grid-rows-[auto_1fr]">
      <div className="min-w-0 space-y-3">
        <Claim data={data} next={playbook.data && nextStep(playbook.data, steps)} />
        {data.cause && (
          <Card title="Follows from" flush>
            <FindingList findings={[data.cause]} now={data.now} />
          </Card>
        )}
        <section id="proof" className="scroll-mt-16">
          <Card title="What proves it" flush>
            <EvidenceList evidence={data.evidence} />
          </Card>
        </section>
      </div>
      <div className="min-w-0 space-y-3 xl:col-start-2 xl:row-span-2 xl:row-start-1">
        {data.effects.length > 0 && (
          <Card title={`Explains ${data.effects.length} more`} flush>
            <FindingList findings={data.effects} now={data.now} />
          </Card>
        )}
        <Card title="What happened when">
          <Timeline entries={data.timeline} began={finding.firstSeen} />
        </Card>
      </div>
      <section id="steps" className="min-w-0 scroll-mt-16 space-y-3">
        <ViewBoundary
          view={playbook}
          skeleton={
            <Card title="What to do">
              <SkeletonRows />
            </Card>
          }
        >
          {(filled) => <Playbook playbook={filled} steps={steps} findingId={finding.id} />}
        </ViewBoundary>
      </section>
    </div>
  );
}

function nextStep(playbook: PlaybookModel, steps: StepsState) {
  const all = allSteps(playbook);
  return {
    step: all.find((step) => !steps.isDone(step)),
    done: all.filter(steps.isDone).length,
    of: all.length,
  };
}

function Playbook({
  playbook,
  steps,
  findingId,
}: {
  readonly playbook: PlaybookModel;
  readonly steps: StepsState;
  readonly findingId: string;
}) {
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-2">
        <h2 className="text-base font-semibold">
          What to do:{' '}
          <TimeLink
            href={`/playbooks/${encodeURIComponent(playbook.id)}?finding=${encodeURIComponent(findingId)}`}
            className="hover:underline"
          >
            {playbook.title}
          </TimeLink>
        </h2>
        <PlaybookFacts playbook={playbook} />
      </div>
      <PlaybookBody playbook={playbook} steps={steps} leaveOut={['Symptoms']} />
    </div>
  );
}
