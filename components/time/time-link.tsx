'use client';

import Link from 'next/link';
import { parseAsString, useQueryStates } from 'nuqs';
import { type ComponentProps, useCallback } from 'react';
import { useFrozen } from '#components/data/frozen.tsx';

const KEPT = { from: parseAsString, to: parseAsString, tz: parseAsString, refresh: parseAsString };

/** Adds what the URL says of time to a path, so that going elsewhere keeps the range. What the path says itself wins. */
export function useTimeHref(): (path: string) => string {
  const frozen = useFrozen();
  const [time] = useQueryStates(KEPT);
  return useCallback(
    (path) => {
      const [before = '', query = ''] = path.split('?');
      const search = new URLSearchParams(query);
      const kept = frozen ? { from: frozen.from, to: frozen.to } : time;
      for (const [name, value] of Object.entries(kept)) {
        if (value !== null && !search.has(name)) search.set(name, value);
      }
      const text = search.toString();
      return text ? `${before}?${text}` : before;
    },
    [frozen, time],
  );
}

/** A link inside the app that keeps the time range. */
export function TimeLink({
  href,
  ...rest
}: Omit<ComponentProps<typeof Link>, 'href'> & { readonly href: string }) {
  const timeHref = useTimeHref();
  return <Link href={timeHref(href)} {...rest} />;
}
