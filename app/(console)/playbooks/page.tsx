import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { PlaybooksPage } from '#components/playbooks/playbooks-page.tsx';

export const metadata: Metadata = { title: 'Playbooks' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return (
    <Prefetched view="playbooks" search={await searchParams}>
      <PlaybooksPage />
    </Prefetched>
  );
}
