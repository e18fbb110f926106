import { Fault } from '#lib/model/fault.ts';

export const EMBED_SIZE = { width: 640, height: 360 } as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

function iframeCode(url: string, { width, height }: Size): string {
  return `<iframe src="${url}" title="Chokepoint panel" width="${width}" height="${height}" sandbox="allow-scripts" loading="lazy" style="border:0"></iframe>`;
}

export interface EmbedLinks {
  readonly token: string;
  readonly url: string;
  /** HTML to paste */
  readonly iframe: string;
  /** Address of the panel as an SVG image. */
  readonly image: string;
  /** The image, linked to the panel */
  readonly markdown: string;
  readonly oembed: string;
}

/** Every form in which an embed can be put into another page. */
export function embedLinks(token: string, base: string): EmbedLinks {
  const url = `${base}/embed/${token}`;
  return {
    token,
    url,
    iframe: iframeCode(url, EMBED_SIZE),
    image: `${url}.svg`,
    markdown: `[![Chokepoint panel](${url}.svg)](${url})`,
    oembed: oembedUrl(token, base),
  };
}

export function oembedUrl(token: string, base: string): string {
  return `${base}/api/oembed?url=${encodeURIComponent(`${base}/embed/${token}`)}`;
}

/** The token in the `url` that an oEmbed consumer asks about. Throws Fault 400, 404, and 501 for a format other than JSON. */
export function tokenOfUrl(asked: URLSearchParams, base: string): string {
  const format = asked.get('format') ?? 'json';
  if (format !== 'json')
    throw new Fault(
      501,
      'unsupported-format',
      `format '${format.slice(0, 20)}' is not spoken here; ask for json`,
    );
  const text = asked.get('url');
  if (!text) throw new Fault(400, 'missing-url', "parameter 'url' is required: the address of an embed");
  const url = URL.parse(text);
  const token = /^\/embed\/([A-Za-z0-9_-]+)(?:\.svg)?\/?$/.exec(url?.pathname ?? '')?.[1];
  if (!token || url?.origin !== base)
    throw new Fault(
      404,
      'not-an-embed',
      `'url' is not an embed of this server; they begin with ${base}/embed/`,
    );
  return token;
}

/** Answer of type `rich` (oEmbed 1.0, section 2.3.4.4), no larger than the consumer asks. */
export function oembed(asked: {
  readonly title: string;
  readonly token: string;
  readonly base: string;
  readonly maxWidth: string | null;
  readonly maxHeight: string | null;
}) {
  const width = within(asked.maxWidth, EMBED_SIZE.width, 'maxwidth');
  const height = within(asked.maxHeight, EMBED_SIZE.height, 'maxheight');
  const url = `${asked.base}/embed/${asked.token}`;
  return {
    version: '1.0',
    type: 'rich',
    title: asked.title,
    provider_name: 'Chokepoint',
    provider_url: asked.base,
    html: iframeCode(url, { width, height }),
    width,
    height,
    thumbnail_url: `${url}.svg`,
    thumbnail_width: EMBED_SIZE.width,
    thumbnail_height: EMBED_SIZE.height,
  };
}

function within(text: string | null, preferred: number, name: string): number {
  if (text === null || text === '') return preferred;
  const most = Number(text);
  if (!Number.isInteger(most) || most < 1)
    throw new Fault(400, 'bad-size', `'${name}' is not a whole number of pixels: '${text.slice(0, 40)}'`);
  return Math.min(preferred, most);
}
