'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { type Tab, Tabs } from '#components/ui/tabs.tsx';
import { EXPLORE_TABS, MOST_QUERIES, queryLetter } from '#lib/show/explore.ts';
import { CopyLink } from './copy-link.tsx';
import { ExplainPanel } from './explain-panel.tsx';
import { HistoryButton } from './history-button.tsx';
import { MetricBrowser } from './metric-browser.tsx';
import { QueryRow } from './query-row.tsx';
import { Results } from './results.tsx';
import { Suggestions } from './suggestions.tsx';
import { useAnswers } from './use-answers.ts';
import { useDrafts } from './use-drafts.ts';
import { useExploreUrl } from './use-explore-url.ts';
import { useHistory } from './use-history.ts';

const TABS: readonly Tab[] = [
  { id: 'graph', label: 'Graph' },
  { id: 'table', label: 'Table' },
  { id: 'stat', label: 'Stat' },
];

/** Questions of one's own, in PromQL. @param search the frozen page's query; live the URL says it. */
export function ExplorePage({ search = '' }: { readonly search?: string }) {
  const { state, set } = useExploreUrl(search);
  const client = useQueryClient();
  const range = useTimeRange();
  const past = useHistory();
  const [browsing, setBrowsing] = useState(false);
  const { drafts, ...change } = useDrafts(
    state.queries,
    (queries) => set?.({ queries }),
    () => {
      client.invalidateQueries().catch(() => undefined);
    },
  );
  const answers = useAnswers(state.queries, state.tabAsked);
  const run = (texts?: readonly string[]) => {
    change.run(texts);
    past.remember((texts ?? drafts.map(({ text }) => text.trim())).filter(Boolean));
  };
  const insert = (query: string) => {
    const empty = drafts.find(({ text }) => text.trim() === '');
    if (empty) change.edit(empty.id, query);
    else change.add(query);
    setBrowsing(false);
  };
  // A draft that was never run has no answer yet.
  let place = 0;
  return (
    <>
      <PageHeader
        title="Explore"
        description="Ask the stored metrics in PromQL."
        actions={
          set && (
            <>
              <Button onClick={() => setBrowsing(true)}>
                <Search aria-hidden /> Metrics
              </Button>
              <HistoryButton history={past} onPick={(queries) => run(queries)} />
              <CopyLink />
            </>
          )
        }
      />
      <div className="space-y-3">
        <Card flush>
          {set ? (
            <>
              <ul className="divide-y">
                {drafts.map((draft, i) => (
                  <QueryRow
                    key={draft.id}
                    letter={queryLetter(i)}
                    draft={draft}
                    answer={draft.ran ? answers[place++] : undefined}
                    autoFocus={draft.text === '' && (drafts.length > 1 || state.queries.length === 0)}
                    onEdit={(text) => change.edit(draft.id, text)}
                    onRun={() => run()}
                    onToggle={() => change.toggle(draft.id)}
                    onRemove={drafts.length > 1 ? () => change.remove(draft.id) : undefined}
                  />
                ))}
              </ul>
              <div className="flex flex-wrap items-center gap-2 border-t px-3 py-2 sm:px-4">
                <Button variant="primary" onClick={() => run()}>
                  Run
                </Button>
                <Button disabled={drafts.length >= MOST_QUERIES} onClick={() => change.add()}>
                  <Plus aria-hidden /> Add query
                </Button>
                <Button
                  variant="ghost"
                  aria-pressed={state.explain}
                  disabled={state.queries.length === 0}
                  onClick={() => set({ explain: !state.explain })}
                >
                  {state.explain ? 'Hide explanation' : 'Explain'}
                </Button>
                <span className="text-xs text-muted max-sm:hidden">
                  Enter or Ctrl/⌘+Enter runs, Shift+Enter breaks the line
                </span>
              </div>
            </>
          ) : (
            <ul className="space-y-2 p-3 sm:p-4">
              {state.queries.map(({ text }, i) => (
                <li key={queryLetter(i)}>
                  <CodeBlock text={text} label={`Query ${queryLetter(i)}`} wrap />
                </li>
              ))}
            </ul>
          )}
        </Card>
        {state.explain &&
          state.queries.map((query, i) => (
            <ExplainPanel
              key={queryLetter(i)}
              letter={queryLetter(i)}
              query={query.text}
              tab={state.tabAsked}
            />
          ))}
        {state.queries.length === 0 ? (
          <Suggestions onPick={(query) => run([query])} />
        ) : set ? (
          <Tabs
            label="How the result is shown"
            tabs={TABS}
            selected={state.tab}
            onSelect={(id) => set({ tab: EXPLORE_TABS.find((tab) => tab === id) ?? 'graph' })}
          >
            <Results answers={answers} tab={state.tab} onZoom={range.zoomTo} />
          </Tabs>
        ) : (
          <Results answers={answers} tab={state.tab} onZoom={undefined} />
        )}
      </div>
      {set && <MetricBrowser open={browsing} onClose={() => setBrowsing(false)} onPick={insert} />}
    </>
  );
}
