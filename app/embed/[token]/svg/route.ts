import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { embedPanel, openEmbed } from '#lib/share/embed.ts';
import { EMBED_SIZE } from '#lib/share/embed-code.ts';
import { panelSvg } from '#lib/show/panel-svg.ts';

/** The embed's panel as an image, at `/embed/<token>.svg`; its own policy stands in `next.config.ts`. */
export const GET = route({ name: 'embed_svg' }, async ({ params, runtime }) => {
  const context = viewContext(runtime);
  const embed = await openEmbed(context, params.token ?? '');
  const panel = await embedPanel(context, embed);
  return new Response(panelSvg(panel, { theme: embed.theme, zone: 'UTC', ...EMBED_SIZE }), {
    headers: {
      'content-type': 'image/svg+xml; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
    },
  });
});
