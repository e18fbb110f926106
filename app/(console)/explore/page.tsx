import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { ExplorePage } from '#components/explore/explore-page.tsx';

export const metadata: Metadata = { title: 'Explore' };

/** Queries are asked by the browser: one that takes long must not keep the page, and so the editor, from coming. */
export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  if (search.q !== undefined) return <ExplorePage />;
  return (
    <Prefetched view="explore-start" search={search}>
      <ExplorePage />
    </Prefetched>
  );
}
