'use client';

import { useView } from '#components/data/use-view.ts';
import { ViewBoundary } from '#components/data/view-boundary.tsx';
import { type FilterValues, useFilters } from '#components/filters/use-filters.ts';
import { PageHeader } from '#components/ui/page-header.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import type { TargetsModel } from '#lib/show/targets.ts';
import { ConfigNote } from './config-note.tsx';
import { PoolCard } from './pool-card.tsx';
import { SetUpScraping } from './set-up-scraping.tsx';
import { TARGET_FILTERS, TargetFilters } from './target-filters.tsx';

/** What is in the props counts in a snapshot only; live the URL says it. */
export function TargetsPage(given: FilterValues<(typeof TARGET_FILTERS)[number]>) {
  const { values, set } = useFilters(TARGET_FILTERS, given);
  const { pool, health, search } = values;
  const view = useView<TargetsModel>('targets', { pool, health, search }, { refreshMs: 5_000 });
  const { data } = view;
  return (
    <>
      <PageHeader
        title="Targets"
        description="What Chokepoint scrapes, and how the last scrape of each went."
      />
      {set && data?.config && <TargetFilters values={values} set={set} data={data} />}
      <ViewBoundary view={view}>
        {(model) =>
          model.config === null ? (
            <SetUpScraping />
          ) : (
            <div className="space-y-3">
              <ConfigNote config={model.config} now={model.now} />
              {model.pools.map((one) => (
                <PoolCard key={one.name} pool={one} now={model.now} />
              ))}
              {model.pools.length === 0 && (
                <EmptyState
                  title={
                    model.poolNames.length === 0
                      ? 'The configuration has no scrape_configs'
                      : 'No target matches this filter'
                  }
                />
              )}
            </div>
          )
        }
      </ViewBoundary>
    </>
  );
}
