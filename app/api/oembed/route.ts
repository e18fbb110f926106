import { baseOf } from '#app/base-of.ts';
import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { json } from '#lib/http/fault-response.ts';
import { embedPanel, openEmbed } from '#lib/share/embed.ts';
import { oembed, tokenOfUrl } from '#lib/share/embed-code.ts';

/** oEmbed 1.0: what a wiki or chat needs to show the panel behind an embed's address. */
export const GET = route({ name: 'oembed' }, async ({ request, url, runtime }) => {
  const base = baseOf(request);
  const token = tokenOfUrl(url.searchParams, base);
  const context = viewContext(runtime);
  const { title } = await embedPanel(context, await openEmbed(context, token));
  const answer = oembed({
    title,
    token,
    base,
    maxWidth: url.searchParams.get('maxwidth'),
    maxHeight: url.searchParams.get('maxheight'),
  });
  return json(answer, 200, { 'access-control-allow-origin': '*' });
});
