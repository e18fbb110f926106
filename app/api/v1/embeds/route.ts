import { baseOf } from '#app/base-of.ts';
import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { readJson } from '#lib/http/body.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseInput } from '#lib/http/parse-input.ts';
import { createEmbed, EmbedInput } from '#lib/share/embed.ts';

export const POST = route({ name: 'embeds' }, async ({ request, runtime }) => {
  const input = parseInput(EmbedInput, await readJson(request));
  return json(await createEmbed(viewContext(runtime), input, baseOf(request)), 201);
});
