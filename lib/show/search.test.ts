import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchHits } from './search.ts';
import { snippets } from './snippets.ts';
import { sqlTokens } from './sql-tokens.ts';
import { viewCacheKey, viewKey } from './view-key.ts';

const pages = [{ label: 'Services', href: '/services' }];
const hrefs = (typed: string) =>
  searchHits(typed, ['orders', 'storefront', 'a/b'], pages).map((hit) => hit.href);

test.each([
  ['or', ['/services/orders', '/services/storefront']],
  ['serv', ['/services']],
  ['a/b', ['/services/a%2Fb']],
  ['4BF92F3577B34DA6A3CE929D0E0E4736', ['/traces/4bf92f3577b34da6a3ce929d0e0e4736']],
  ['a3ce929d0e0e4736', ['/queries/a3ce929d0e0e4736', '/traces/0000000000000000a3ce929d0e0e4736']],
  ['nothing like it', []],
])('"%s" leads to %j', (typed, expected) => {
  expect(hrefs(typed)).toEqual(expected);
});

test('tokens of SQL join to the text again', () => {
  fc.assert(
    fc.property(fc.string(), (sql) => {
      const joined = sqlTokens(sql)
        .map((token) => token.text)
        .join('');
      expect(joined).toBe(sql);
    }),
  );
  expect(sqlTokens('select "from" from t where id = ?').filter((token) => token.kind !== 'text')).toEqual([
    { kind: 'keyword', text: 'select' },
    { kind: 'keyword', text: 'from' },
    { kind: 'keyword', text: 'where' },
    { kind: 'placeholder', text: '?' },
  ]);
});

test('a view has one key whatever the order of its parameters; the subject leaves the range out', () => {
  expect(viewKey('service', { to: 'now', service: 'a b', from: 'now-1h', sort: undefined })).toBe(
    'service?from=now-1h&service=a+b&to=now',
  );
  expect(viewCacheKey('x', { from: '1', to: '2', n: 3 })).toEqual(['x?n=3', 'x?from=1&n=3&to=2']);
});

test('set-up text carries the address of the reader', () => {
  const all = snippets('https://chokepoint.example.net');
  expect(all.map((snippet) => snippet.id)).toEqual([
    'prometheus',
    'traces',
    'postgresql',
    'mysql',
    'changes',
  ]);
  for (const snippet of all) expect(snippet.text).toContain('https://chokepoint.example.net');
});

test.each([
  ['rate(http_requests_total[5m])', '/explore?q=rate%28http_requests_total%5B5m%5D%29'],
  ['http_requests_total', '/explore?q=http_requests_total'],
  ['up', '/explore?q=up'],
  ['checkout', undefined],
])('“%s” may be a query', (text, href) => {
  expect(searchHits(text, [], []).find(({ kind }) => kind === 'query')?.href).toBe(href);
});
