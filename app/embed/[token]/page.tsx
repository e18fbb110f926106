import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { runtime } from '#app/runtime.ts';
import { viewContext } from '#app/view-context.ts';
import { EmbeddedPanel } from '#components/share/embedded-panel.tsx';
import { isFault } from '#lib/model/fault.ts';
import { embedPanel, openEmbed } from '#lib/share/embed.ts';
import { oembedUrl } from '#lib/share/embed-code.ts';
import type { PanelModel } from '#lib/show/panel.ts';

interface Props {
  readonly params: Promise<{ token: string }>;
}

const load = cache(async (token: string) => {
  try {
    const context = viewContext(runtime());
    const embed = await openEmbed(context, token);
    return { embed, panel: JSON.parse(JSON.stringify(await embedPanel(context, embed))) as PanelModel };
  } catch (error) {
    if (isFault(error) && error.status === 404) notFound();
    throw error;
  }
});

/** Says where the oEmbed answer is, so that a wiki finds it from the pasted address alone. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { token } = await params;
  const { panel } = await load(token);
  const base = `http://${(await headers()).get('host')}`;
  return {
    title: panel.title,
    robots: { index: false },
    alternates: { types: { 'application/json+oembed': oembedUrl(token, base) } },
  };
}

/** One panel for another site's page. Who may frame it is decided in `proxy.ts`. */
export default async function Page({ params }: Props) {
  const { token } = await params;
  const { embed, panel } = await load(token);
  return (
    <main data-theme={embed.theme} className="min-h-dvh bg-canvas text-text">
      <h1 className="sr-only">{panel.title}</h1>
      <EmbeddedPanel token={token} first={panel} live={embed.to.startsWith('now')} />
    </main>
  );
}
