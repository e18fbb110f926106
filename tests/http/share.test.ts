import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, startApp } from '../support/app.ts';

let app: App;
const service = 'shop & <b>co</b>';

beforeAll(async () => {
  app = await startApp();
  await sendSpans('0'.repeat(31), Date.now() - 120_000);
});
afterAll(async () => {
  await discard(app);
});

async function sendSpans(prefix: string, at: number): Promise<void> {
  const spans = Array.from({ length: 9 }, (_, i) => ({
    traceId: `${prefix}${i + 1}`,
    id: `${i + 1}`.padStart(16, '0'),
    name: 'GET /',
    kind: 'SERVER',
    timestamp: (at + i * 1000) * 1000,
    duration: 50_000,
    localEndpoint: { serviceName: service },
  }));
  expect((await post('/api/v2/spans', spans)).status).toBe(202);
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

interface Links {
  readonly token: string;
  readonly url: string;
  readonly image: string;
  readonly iframe: string;
  readonly oembed: string;
}

async function embed(more: Record<string, unknown> = {}): Promise<Links> {
  const response = await post('/api/v1/embeds', {
    panel: 'service.latency',
    params: { service },
    origins: ['https://wiki.example.org', 'http://127.0.0.1:8080'],
    ...more,
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Links;
}

const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? '';

describe('an embed', () => {
  test('may be framed by the sites of its token and no other', async () => {
    const { url } = await embed();
    for (const each of [url, `${url}/`]) {
      const response = await fetch(each);
      expect(response.status).toBe(200);
      expect(policyOf(response)).toMatch(
        /frame-ancestors https:\/\/wiki\.example\.org http:\/\/127\.0\.0\.1:8080$/,
      );
      expect(response.headers.get('x-frame-options')).toBeNull();
      expect(response.headers.get('cache-control')).toContain('no-store');
    }
  });

  test('is a picture too, which can do nothing but be looked at', async () => {
    const response = await fetch((await embed({ theme: 'dark' })).image);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(policyOf(response)).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const svg = await response.text();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('class="series');
    expect(svg).toContain('<title>Latency · shop &amp; &lt;b&gt;co');
    expect(svg).not.toContain('<b>');
  });

  test('answers oEmbed, found from the page itself', async () => {
    const { url, token } = await embed();
    const page = await (await fetch(url)).text();
    const link = /<link rel="alternate"[^>]*type="application\/json\+oembed"[^>]*>/.exec(page)?.[0];
    const href = /href="([^"]+)"/.exec(link ?? '')?.[1]?.replaceAll('&amp;', '&');
    const response = await fetch(`${href}&maxwidth=400`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      version: '1.0',
      type: 'rich',
      width: 400,
      html: expect.stringContaining(`/embed/${token}"`),
    });
    expect((await fetch(`${app.url}/api/oembed?url=${app.url}/services`)).status).toBe(404);
  });

  test('altered or expired it is gone, in every form, and nobody may frame it', async () => {
    const gone = await embed({ expires: '1s' });
    const { token } = await embed();
    const altered = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    await expect.poll(async () => (await fetch(`${gone.url}/data`)).status, { timeout: 5000 }).toBe(404);
    for (const each of [gone.token, altered, `${token}A`, `${token}%00`]) {
      for (const form of ['', '.svg', '/data', '/svg']) {
        const response = await fetch(`${app.url}/embed/${each}${form}`);
        expect(response.status, form).toBe(404);
        expect(policyOf(response)).toContain("frame-ancestors 'none'");
        expect(await response.text()).not.toContain('GET /');
      }
    }
  });

  test('shows its own panel only: a query changes nothing', async () => {
    const { url } = await embed({ from: 'now-1h' });
    const plain = (await (await fetch(`${url}/data`)).json()) as { id: string; title: string };
    const asked = await fetch(`${url}/data?panel=service.errors&service=other&from=0`);
    expect(await asked.json()).toMatchObject({ id: plain.id, title: plain.title });
  });
});

describe('a snapshot', () => {
  test('keeps what was there, shows nothing else, and goes with its key only', async () => {
    const made = await post('/api/v1/snapshots', { url: `/services/${encodeURIComponent(service)}` });
    expect(made.status).toBe(201);
    const { id, url, deleteKey } = (await made.json()) as { id: string; url: string; deleteKey: string };
    const frozen = async (query = '') => {
      const response = await fetch(`${app.url}${url}${query}`);
      expect(response.status).toBe(200);
      expect(policyOf(response)).toContain("frame-ancestors 'none'");
      expect(response.headers.get('cache-control')).toContain('no-store');
      return mainOf(await response.text());
    };
    const before = await frozen();
    expect(before).toContain('GET /</a>');
    await sendSpans('1'.repeat(31), Date.now() - 90_000);
    expect(await frozen('?from=0&to=now&service=other')).toBe(before);
    for (const more of ['/data', '.md.svg', '/traces'])
      expect((await fetch(`${app.url}${url}${more}`)).status).toBe(404);
    expect((await fetch(`${app.url}/api/v1/snapshots/${id}`)).status).toBe(405);
    const drop = (key: string) =>
      fetch(`${app.url}/api/v1/snapshots/${id}?deleteKey=${key}`, { method: 'DELETE' });
    expect((await drop('wrong')).status).toBe(403);
    expect((await fetch(app.url + url)).status).toBe(200);
    expect((await drop(deleteKey)).status).toBe(204);
    expect((await fetch(app.url + url)).status).toBe(404);
  });
});

function mainOf(html: string): string {
  return /<main.*<\/main>/s.exec(html)?.[0] ?? '';
}
