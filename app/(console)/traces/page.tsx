import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { TracesPage } from '#components/traces/traces-page.tsx';
import { paramsOf } from '../params-of.ts';

export const metadata: Metadata = { title: 'Traces' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  const params = paramsOf(search, 'service', 'operation', 'sort', 'minDurationMs');
  return (
    <Prefetched view="traces" params={params} search={search}>
      <TracesPage />
    </Prefetched>
  );
}
