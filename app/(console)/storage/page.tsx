import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '#app/prefetched.tsx';
import { runtime } from '#app/runtime.ts';
import { StoragePage } from '#components/storage/storage-page.tsx';
import { keptFor } from '#lib/show/storage.ts';

export const metadata: Metadata = { title: 'Storage' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const { retentionMs, rollupRetentionMs, maxSeries } = runtime().settings;
  const limits = {
    samples: keptFor(retentionMs),
    fiveMinutes: keptFor(rollupRetentionMs.fiveMinutes),
    oneHour: keptFor(rollupRetentionMs.oneHour),
    maxSeries,
  };
  return (
    <Prefetched view="storage" search={await searchParams}>
      <StoragePage limits={limits} />
    </Prefetched>
  );
}
