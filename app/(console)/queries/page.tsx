import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { QueriesPage } from '#components/queries/queries-page.tsx';
import { paramsOf } from '../params-of.ts';

export const metadata: Metadata = { title: 'Slow queries' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  return (
    <Prefetched view="queries" params={paramsOf(search, 'service', 'database', 'sort')} search={search}>
      <QueriesPage />
    </Prefetched>
  );
}
