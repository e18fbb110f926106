'use client';

import type { ReactNode } from 'react';
import { FrozenProvider } from '#components/data/frozen.tsx';
import { ExplorePage } from '#components/explore/explore-page.tsx';
import { FindingPage } from '#components/findings/finding-page.tsx';
import { FindingsPage } from '#components/findings/findings-page.tsx';
import { OverviewPage } from '#components/overview/overview-page.tsx';
import { PlaybookPage } from '#components/playbooks/playbook-page.tsx';
import { PlaybooksPage } from '#components/playbooks/playbooks-page.tsx';
import { QueriesPage } from '#components/queries/queries-page.tsx';
import { QueryPage } from '#components/queries/query-page.tsx';
import { ServicePage } from '#components/services/service-page.tsx';
import { ServicesPage } from '#components/services/services-page.tsx';
import { StoragePage } from '#components/storage/storage-page.tsx';
import { TargetsPage } from '#components/targets/targets-page.tsx';
import { TracePage } from '#components/traces/trace-page.tsx';
import { TracesPage } from '#components/traces/traces-page.tsx';
import { EmptyState } from '#components/ui/states.tsx';

export interface FrozenPageProps {
  /** `/services/[service]` */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** The page's query as it was, where a parameter may stand several times. */
  readonly search: string;
  readonly from: string;
  readonly to: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

type Params = Readonly<Record<string, string>>;

/** Page pattern → the same component that the live page uses. */
const PAGES: readonly (readonly [path: string, render: (params: Params, search: string) => ReactNode])[] = [
  ['/', () => <OverviewPage />],
  ['/services', () => <ServicesPage />],
  ['/services/[service]', ({ service = '' }) => <ServicePage service={service} />],
  ['/queries', (filter) => <QueriesPage {...filter} />],
  ['/queries/[fingerprint]', ({ fingerprint = '' }) => <QueryPage fingerprint={fingerprint} />],
  ['/traces', (filter) => <TracesPage {...filter} />],
  ['/traces/[id]', ({ id = '' }) => <TracePage id={id} />],
  ['/findings', (filter) => <FindingsPage {...filter} />],
  ['/findings/[id]', ({ id = '' }) => <FindingPage id={id} />],
  ['/playbooks', () => <PlaybooksPage />],
  ['/explore', (_, search) => <ExplorePage search={search} />],
  ['/targets', (filter) => <TargetsPage {...filter} />],
  ['/storage', () => <StoragePage limits={undefined} />],
  ['/playbooks/[id]', ({ id = '', finding }) => <PlaybookPage id={id} finding={finding} />],
];

/** A page as it was: below here nothing is fetched. */
export function FrozenPage({ path, params, search, from, to, answers }: FrozenPageProps) {
  const render = PAGES.find(([known]) => known === path)?.[1];
  return (
    <FrozenProvider answers={answers} from={from} to={to}>
      {render ? (
        render(params, search)
      ) : (
        <EmptyState title="This version of Chokepoint cannot show that page" />
      )}
    </FrozenProvider>
  );
}
