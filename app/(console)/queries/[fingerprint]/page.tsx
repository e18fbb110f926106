import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { QueryPage } from '#components/queries/query-page.tsx';

interface Props {
  readonly params: Promise<{ fingerprint: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: 'Query' };

export default async function Page({ params, searchParams }: Props) {
  const fingerprint = decodeURIComponent((await params).fingerprint);
  return (
    <Prefetched view="query" params={{ fingerprint }} search={await searchParams}>
      <QueryPage fingerprint={fingerprint} />
    </Prefetched>
  );
}
