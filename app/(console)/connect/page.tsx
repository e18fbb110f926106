import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { ConnectPage } from '#components/connect/connect-page.tsx';

export const metadata: Metadata = { title: 'Connect' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return (
    <Prefetched view="connect" search={await searchParams}>
      <ConnectPage />
    </Prefetched>
  );
}
