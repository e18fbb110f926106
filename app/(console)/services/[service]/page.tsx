import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { ServicePage } from '#components/services/service-page.tsx';

interface Props {
  readonly params: Promise<{ service: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).service) };
}

export default async function Page({ params, searchParams }: Props) {
  const service = decodeURIComponent((await params).service);
  return (
    <Prefetched view="service" params={{ service }} search={await searchParams}>
      <ServicePage service={service} />
    </Prefetched>
  );
}
