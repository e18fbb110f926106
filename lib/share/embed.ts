import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import type { Embed } from '#lib/store/store.ts';
import { runView } from '#lib/views/run.ts';
import type { ViewContext } from '#lib/views/view.ts';
import { type EmbedLinks, embedLinks } from './embed-code.ts';
import { parseExpiry } from './snapshot.ts';
import { hashToken, newToken } from './tokens.ts';

/** `https://wiki.example.org`, `http://127.0.0.1:8080`, `https://*.example.org`: what `frame-ancestors` takes, and nothing that could end the directive. */
const ORIGIN =
  /^https?:\/\/(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$/i;

/** Body of `POST /api/v1/embeds`. */
export const EmbedInput = z.strictObject({
  panel: z.string().regex(/^[a-z0-9.-]{1,60}$/),
  params: z.record(z.string().max(60), z.string().max(5000)).default({}),
  from: z.string().max(40).default('now-1h'),
  to: z.string().max(40).default('now'),
  theme: z.enum(['light', 'dark', 'auto']).default('auto'),
  origins: z
    .array(
      z
        .string()
        .regex(ORIGIN, { error: 'must be an origin such as https://wiki.example.org, without a path' }),
    )
    .min(1)
    .max(20),
  expires: z.string().max(40).optional(),
});
export type EmbedInput = z.infer<typeof EmbedInput>;

/** @param base origin under which readers reach this server, e.g. `http://127.0.0.1:3000` */
export async function createEmbed(
  context: ViewContext,
  input: EmbedInput,
  base: string,
): Promise<EmbedLinks> {
  const token = newToken();
  const { expires, ...shown } = input;
  const embed = {
    ...shown,
    tokenHash: hashToken(token),
    createdAt: context.now,
    expiresAt: parseExpiry(expires, context.now),
  };
  // It fails here, in front of the person who makes the embed, instead of in the wiki later.
  await embedPanel(context, embed);
  await context.store.share.saveEmbed(embed);
  return embedLinks(token, base);
}

/** The embed of a token. Throws a 404 Fault when it is unknown or has expired. */
export async function openEmbed(context: ViewContext, token: string): Promise<Embed> {
  const embed = /^[A-Za-z0-9_-]{43}$/.test(token)
    ? await context.store.share.embed(hashToken(token))
    : undefined;
  if (!embed || (embed.expiresAt !== undefined && embed.expiresAt <= context.now))
    throw new Fault(
      404,
      'embed-not-found',
      'this embed does not exist or has expired; make a new one from the panel’s menu',
    );
  return embed;
}

/** The embed's panel now: a moving range moves on, an absolute one stands. */
export async function embedPanel(context: ViewContext, embed: Embed): Promise<PanelModel> {
  const { panel, from, to } = embed;
  const model = (await runView(context, 'panel', { ...embed.params, panel, from, to })) as PanelModel;
  // On another site nothing around the panel says whose latency it is.
  const { service } = embed.params;
  return service === undefined ? model : { ...model, title: `${model.title} · ${service}` };
}
