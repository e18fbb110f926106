import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { PlaybookPage } from '#components/playbooks/playbook-page.tsx';
import { paramsOf } from '../../params-of.ts';

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: 'Playbook' };

export default async function Page({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id);
  const search = await searchParams;
  return (
    <Prefetched view="playbook" params={{ id, ...paramsOf(search, 'finding') }} search={search}>
      <PlaybookPage id={id} />
    </Prefetched>
  );
}
