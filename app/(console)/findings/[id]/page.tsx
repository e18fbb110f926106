import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { FindingPage } from '#components/findings/finding-page.tsx';

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: 'Finding' };

export default async function Page({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id);
  return (
    <Prefetched view="finding" params={{ id }} search={await searchParams}>
      <FindingPage id={id} />
    </Prefetched>
  );
}
