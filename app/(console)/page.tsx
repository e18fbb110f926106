import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { OverviewPage } from '#components/overview/overview-page.tsx';

export const metadata: Metadata = { title: 'Overview' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return (
    <Prefetched view="overview" search={await searchParams}>
      <OverviewPage />
    </Prefetched>
  );
}
