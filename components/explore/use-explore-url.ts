'use client';

import { parseAsNativeArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { useFrozen } from '#components/data/frozen.tsx';
import { EXPLORE_TABS, type ExploreTab, MOST_QUERIES, queryLetter } from '#lib/show/explore.ts';

export interface UrlQuery {
  readonly text: string;
  readonly hidden: boolean;
}

export interface ExploreState {
  readonly queries: readonly UrlQuery[];
  readonly tab: ExploreTab;
  /** The tab as the views are asked: a graph goes without saying, but a snapshot was asked as its URL was written. */
  readonly tabAsked: string | undefined;
  readonly explain: boolean;
}

const KEYS = {
  q: parseAsNativeArrayOf(parseAsString).withDefault([]),
  /** Letters of the queries that are not drawn: `B`, `AC`. */
  hide: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(EXPLORE_TABS).withDefault('graph'),
  explain: parseAsString,
};

function queriesOf(q: readonly string[], hide: string): readonly UrlQuery[] {
  return q.slice(0, MOST_QUERIES).map((text, i) => ({ text, hidden: hide.includes(queryLetter(i)) }));
}

/** What the page shows, as the URL says it. In a snapshot it is what the page was frozen with, and `set` is undefined. */
export function useExploreUrl(frozenSearch: string): {
  readonly state: ExploreState;
  readonly set: ((next: Partial<Omit<ExploreState, 'tabAsked'>>) => void) | undefined;
} {
  const frozen = useFrozen() !== undefined;
  const [url, setUrl] = useQueryStates(KEYS);
  return useMemo(() => {
    if (frozen) {
      const search = new URLSearchParams(frozenSearch);
      const tab = EXPLORE_TABS.find((name) => name === search.get('tab')) ?? 'graph';
      const state = {
        queries: queriesOf(search.getAll('q'), search.get('hide') ?? ''),
        tab,
        tabAsked: search.get('tab') ?? undefined,
        explain: search.has('explain'),
      };
      return { state, set: undefined };
    }
    return {
      state: {
        queries: queriesOf(url.q, url.hide),
        tab: url.tab,
        tabAsked: url.tab === 'graph' ? undefined : url.tab,
        explain: url.explain !== null,
      },
      set: ({ queries, tab, explain }) => {
        const hidden = queries?.map(({ hidden }, i) => (hidden ? queryLetter(i) : '')).join('');
        setUrl(
          {
            ...(queries ? { q: queries.map(({ text }) => text), hide: hidden || null } : {}),
            ...(tab ? { tab: tab === 'graph' ? null : tab } : {}),
            ...(explain === undefined ? {} : { explain: explain ? '1' : null }),
          },
          { history: 'push' },
        ).catch(() => undefined);
      },
    };
  }, [frozen, frozenSearch, url, setUrl]);
}
