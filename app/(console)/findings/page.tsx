import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { FindingsPage } from '#components/findings/findings-page.tsx';
import { paramsOf } from '../params-of.ts';

export const metadata: Metadata = { title: 'Findings' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  return (
    <Prefetched view="findings" params={paramsOf(search, 'state', 'service', 'detector')} search={search}>
      <FindingsPage />
    </Prefetched>
  );
}
