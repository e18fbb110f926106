'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { useFrozen } from '#components/data/frozen.tsx';

export type FilterValues<K extends string> = { readonly [Name in K]?: string | undefined };

/**
 * A page's filters. Live they stand in the URL; in a snapshot they are what the page was frozen with and nothing sets
 * them (`set` is undefined).
 */
export function useFilters<K extends string>(
  names: readonly K[],
  frozenValues: FilterValues<K>,
): {
  readonly values: FilterValues<K>;
  readonly set: ((next: { readonly [Name in K]?: string | null }) => void) | undefined;
} {
  const frozen = useFrozen() !== undefined;
  const keys = names.join(' ');
  const parsers = useMemo(
    () => Object.fromEntries(keys.split(' ').map((name) => [name, parseAsString])),
    [keys],
  );
  const [url, setUrl] = useQueryStates(parsers);
  return useMemo(() => {
    if (frozen) return { values: frozenValues, set: undefined };
    const pairs = Object.entries(url).map(([name, value]) => [name, value ?? undefined]);
    return {
      values: Object.fromEntries(pairs) as FilterValues<K>,
      set: (next) => {
        // What is empty leaves the URL.
        const values = Object.entries<string | null | undefined>(next).map(([name, v]) => [name, v || null]);
        setUrl(Object.fromEntries(values), { history: 'push' }).catch(() => undefined);
      },
    };
  }, [frozen, frozenValues, url, setUrl]);
}
