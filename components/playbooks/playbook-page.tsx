'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { type FilterValues, useFilters } from '#components/filters/use-filters.ts';
import { TimeLink, useTimeHref } from '#components/time/time-link.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import type { PlaybookModel } from '#lib/show/playbook-sections.ts';
import { PlaybookBody } from './playbook-body.tsx';
import { PlaybookFacts } from './playbook-facts.tsx';
import { allSteps, useSteps } from './use-steps.ts';

const FILTERS = ['finding'] as const;

/** `finding` in the props counts in a snapshot only; live the URL says it. */
export function PlaybookPage({ id, ...given }: { readonly id: string } & FilterValues<'finding'>) {
  const { values } = useFilters(FILTERS, given);
  const view = useView<PlaybookModel>('playbook', { id, finding: values.finding }, { refreshMs: false });
  const steps = useSteps(view.data, view.retry);
  const timeHref = useTimeHref();
  const { data } = view;
  return (
    <>
      <PageHeader
        title={data?.title ?? 'Playbook'}
        back={{ label: 'Playbooks', href: timeHref('/playbooks') }}
        badges={data && <PlaybookFacts playbook={data} />}
        description={data?.finding && <Progress playbook={data} isDone={steps.isDone} />}
      />
      <ViewBoundary view={view}>
        {(playbook) => (
          <div className="max-w-4xl">
            <PlaybookBody playbook={playbook} steps={steps} />
          </div>
        )}
      </ViewBoundary>
    </>
  );
}

function Progress({
  playbook,
  isDone,
}: {
  readonly playbook: PlaybookModel;
  readonly isDone: ReturnType<typeof useSteps>['isDone'];
}) {
  const steps = allSteps(playbook);
  const { finding } = playbook;
  return (
    <>
      {steps.filter(isDone).length} of {steps.length} steps done
      {finding && (
        <>
          {' '}
          for{' '}
          <TimeLink
            href={`/findings/${encodeURIComponent(finding.id)}`}
            className="text-accent underline decoration-accent/40 hover:decoration-accent"
          >
            {finding.title}
          </TimeLink>
        </>
      )}
    </>
  );
}
