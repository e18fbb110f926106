import type { Metadata } from 'next';
import { TracePage } from '#components/traces/trace-page.tsx';

export const metadata: Metadata = { title: 'Trace' };

/** Not answered on the server: a trace of 10,000 spans would be sent twice, as page and as data. */
export default async function Page({ params }: { readonly params: Promise<{ id: string }> }) {
  return <TracePage id={decodeURIComponent((await params).id)} />;
}
