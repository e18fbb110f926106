import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { ServicesPage } from '#components/services/services-page.tsx';

export const metadata: Metadata = { title: 'Services' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return (
    <Prefetched view="services" search={await searchParams}>
      <ServicesPage />
    </Prefetched>
  );
}
