import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { embedLinks, oembed, tokenOfUrl } from './embed-code.ts';

const base = 'http://127.0.0.1:3000';
const token = 'A'.repeat(43);

function ask(params: Record<string, string>): string | number {
  try {
    return tokenOfUrl(new URLSearchParams(params), base);
  } catch (error) {
    return isFault(error) ? error.status : -1;
  }
}

describe('tokenOfUrl', () => {
  test.each([
    [{ url: `${base}/embed/${token}` }, token],
    [{ url: `${base}/embed/${token}.svg`, format: 'json' }, token],
    [{ url: `${base}/embed/${token}`, format: 'xml' }, 501],
    [{}, 400],
    [{ url: 'not a url' }, 404],
    [{ url: `http://evil.test/embed/${token}` }, 404],
    [{ url: `${base}/share/${token}` }, 404],
    [{ url: `${base}/embed/"><script>` }, 404],
  ])('%j → %s', (params, expected) => {
    expect(ask(params as unknown as Record<string, string>)).toBe(expected);
  });
});

test('what createEmbed gives leads oEmbed back to the token', () => {
  const links = embedLinks(token, base);
  expect(ask(Object.fromEntries(new URL(links.oembed).searchParams))).toBe(token);
  expect(links.markdown).toBe(`[![Chokepoint panel](${links.image})](${links.url})`);
});

test('oEmbed keeps within the size that is asked for', () => {
  const answer = oembed({ title: 'Latency', token, base, maxWidth: '300', maxHeight: null });
  expect(answer).toMatchObject({ version: '1.0', type: 'rich', width: 300, height: 360 });
  expect(answer.html).toContain('width="300" height="360"');
  expect(() => oembed({ title: 'Latency', token, base, maxWidth: '-1', maxHeight: null })).toThrow(
    /maxwidth/,
  );
});
