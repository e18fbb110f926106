import { exploreHref } from './explore-link.ts';

export interface SearchHit {
  readonly label: string;
  readonly kind: 'page' | 'service' | 'trace' | 'statement' | 'query';
  readonly href: string;
}

const MOST_HITS = 12;

/** Where a search leads: an id goes straight to its trace or statement, words find services and pages. */
export function searchHits(
  typed: string,
  services: readonly string[],
  pages: readonly { readonly label: string; readonly href: string }[],
): SearchHit[] {
  const text = typed.trim().toLowerCase();
  const hits: SearchHit[] = [];
  if (/^[0-9a-f]{32}$/.test(text)) hits.push({ label: text, kind: 'trace', href: `/traces/${text}` });
  if (/^[0-9a-f]{16}$/.test(text)) {
    hits.push({ label: text, kind: 'statement', href: `/queries/${text}` });
    // A trace id of 64 bits, as older tracers write it.
    hits.push({ label: text, kind: 'trace', href: `/traces/${text.padStart(32, '0')}` });
  }
  const byPlace = <T extends { readonly label: string }>(items: readonly T[]) =>
    items
      .map((item) => ({ item, at: item.label.toLowerCase().indexOf(text) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);
  for (const { label } of byPlace(services.map((label) => ({ label })))) {
    hits.push({ label, kind: 'service', href: `/services/${encodeURIComponent(label)}` });
  }
  for (const { label, href } of byPlace(pages)) hits.push({ label, kind: 'page', href });
  const found = hits.slice(0, MOST_HITS);
  const query = typed.trim();
  return isPromqlLike(query)
    ? [...found, { label: query, kind: 'query', href: exploreHref([query]) }]
    : found;
}

/** A metric's name mostly has an underscore; a query has braces, brackets or parentheses. */
function isPromqlLike(text: string): boolean {
  return text === 'up' || /^[a-zA-Z_:][\w:]*_[\w:]*$/.test(text) || /[({[]/.test(text);
}
