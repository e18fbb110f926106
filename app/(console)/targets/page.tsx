import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { TargetsPage } from '#components/targets/targets-page.tsx';
import { paramsOf } from '../params-of.ts';

export const metadata: Metadata = { title: 'Targets' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  return (
    <Prefetched view="targets" params={paramsOf(search, 'pool', 'health', 'search')} search={search}>
      <TargetsPage />
    </Prefetched>
  );
}
