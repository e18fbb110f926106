import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { runtime } from '#app/runtime.ts';
import { FrozenPage } from '#components/share/frozen-page.tsx';
import { SnapshotBanner } from '#components/share/snapshot-banner.tsx';
import { isFault } from '#lib/model/fault.ts';
import { matchPage } from '#lib/share/page-views.ts';
import { openSnapshot } from '#lib/share/snapshot.ts';

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => {
  try {
    return await openSnapshot({ store: runtime().store, now: Date.now() }, id);
  } catch (error) {
    if (isFault(error) && error.status === 404) notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await load((await params).id);
  return { title, robots: { index: false } };
}

/** A frozen copy of a page, readable long after its data are gone. */
export default async function Page({ params }: Props) {
  const { title, createdAt, url, content } = await load((await params).id);
  const path = matchPage(content.pathname)?.page.path ?? content.pathname;
  return (
    <main id="main" className="mx-auto w-full max-w-[100rem] p-3 sm:p-4">
      <SnapshotBanner
        title={title}
        createdAt={createdAt}
        livePage={url}
        from={Number(content.from)}
        to={Number(content.to)}
      />
      <FrozenPage
        path={path}
        params={{ ...Object.fromEntries(new URLSearchParams(content.search)), ...content.params }}
        search={content.search}
        from={content.from}
        to={content.to}
        answers={content.answers}
      />
    </main>
  );
}
