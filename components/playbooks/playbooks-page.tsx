'use client';

import { useState } from 'react';
import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { TimeLink } from '#components/time/time-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { TextField } from '#components/ui/fields.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import { groupPlaybooks } from '#lib/show/playbook-list.ts';
import type { PlaybooksModel } from '#lib/show/playbook-sections.ts';
import { Markdown } from './markdown.tsx';
import { PlaybookFacts } from './playbook-facts.tsx';

export function PlaybooksPage() {
  const view = useView<PlaybooksModel>('playbooks', {}, { refreshMs: false });
  const [words, setWords] = useState('');
  return (
    <>
      <PageHeader
        title="Playbooks"
        description="What to do about each kind of bottleneck. From a finding they open filled in with its names and numbers."
        actions={
          <TextField
            label="Search playbooks"
            hideLabel
            type="search"
            placeholder="Search: lock, pool, psql …"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            className="w-60"
          />
        }
      />
      <ViewBoundary view={view}>
        {({ playbooks }) => {
          const groups = groupPlaybooks(playbooks, words);
          return groups.length === 0 ? (
            <Card flush>
              <EmptyState title={`No playbook has “${words}”`}>
                Try a symptom or the name of a tool.
              </EmptyState>
            </Card>
          ) : (
            <div className="space-y-3">
              {groups.map(([category, list]) => (
                <Card key={category} title={category} flush>
                  <ul className="divide-y border-t">
                    {list.map((playbook) => (
                      <li key={playbook.id} className="relative px-3 py-3 hover:bg-raised/60 sm:px-4">
                        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                          <TimeLink
                            href={`/playbooks/${encodeURIComponent(playbook.id)}`}
                            className="font-medium after:absolute after:inset-0 hover:underline"
                          >
                            {playbook.title}
                          </TimeLink>
                          <PlaybookFacts playbook={playbook} />
                        </div>
                        <Markdown text={playbook.symptom} className="mt-1 text-muted" />
                        {playbook.detectors.length > 0 && (
                          <p className="mt-1 text-xs text-muted">For: {playbook.detectors.join(', ')}</p>
                        )}
                      </li>
                    ))}
                  </ul>
                </Card>
              ))}
            </div>
          );
        }}
      </ViewBoundary>
    </>
  );
}
