import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { runtime } from '#app/runtime.ts';
import { EmbeddedPanel } from '#components/share/embedded-panel.tsx';
import { isFault } from '#lib/model/fault.ts';
import { embedPanel, openEmbed } from '#lib/share/embed.ts';
import type { PanelModel } from '#lib/show/panel.ts';

export const metadata: Metadata = { title: 'Panel', robots: { index: false } };

async function load(token: string) {
  try {
    const context = { store: runtime().store, now: Date.now() };
    const embed = await openEmbed(context, token);
    return { embed, panel: JSON.parse(JSON.stringify(await embedPanel(context, embed))) as PanelModel };
  } catch (error) {
    if (isFault(error) && error.status === 404) notFound();
    throw error;
  }
}

/** One panel for another site's page. Who may frame it is decided in `proxy.ts`. */
export default async function Page({ params }: { readonly params: Promise<{ token: string }> }) {
  const { token } = await params;
  const { embed, panel } = await load(token);
  return (
    <main data-theme={embed.theme} className="min-h-dvh bg-canvas text-text">
      <h1 className="sr-only">{panel.title}</h1>
      <EmbeddedPanel token={token} first={panel} live={embed.to.startsWith('now')} />
    </main>
  );
}
