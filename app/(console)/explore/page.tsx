import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { ExplorePage } from '#components/explore/explore-page.tsx';
import { paramsOf } from '../params-of.ts';

export const metadata: Metadata = { title: 'Explore' };

/** A query that takes long must not keep the page, and so the editor, from coming. */
const PATIENCE_MS = 250;

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const search = await searchParams;
  const [q] = [search.q].flat();
  const asked = q
    ? { view: 'explore', params: { ...paramsOf(search, 'tab'), q } }
    : { view: 'explore-start' };
  return (
    <Prefetched {...asked} search={search} patienceMs={PATIENCE_MS}>
      <ExplorePage />
    </Prefetched>
  );
}
