import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { json } from '#lib/http/fault-response.ts';
import { embedPanel, openEmbed } from '#lib/share/embed.ts';

/** The panel of one embed. A sandboxed frame has no origin of its own, so any may read; the token is the permission. */
export const GET = route({ name: 'embed_data' }, async ({ params, runtime }) => {
  const context = viewContext(runtime);
  const panel = await embedPanel(context, await openEmbed(context, params.token ?? ''));
  return json(panel, 200, { 'access-control-allow-origin': '*' });
});
