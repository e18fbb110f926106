import { setTimeout as wait } from 'node:timers/promises';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { type ViewParams, viewCacheKey } from '#lib/show/view-key.ts';
import { findView } from '#lib/views/registry.ts';
import { readTimeDefaults } from './preferences.ts';
import { runtime } from './runtime.ts';
import { viewContext } from './view-context.ts';

export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** Answers a view while the page is rendered, so that its first paint has data. A fault is left to the browser's own request. */
export async function Prefetched({
  view: name,
  params,
  search,
  patienceMs = Number.POSITIVE_INFINITY,
  children,
}: {
  readonly view: string;
  /** The view's own parameters; the range is taken from the URL as the time picker does. */
  readonly params?: ViewParams;
  readonly search: SearchParams;
  /** An answer that takes longer is left to the browser too. */
  readonly patienceMs?: number;
  readonly children: ReactNode;
}) {
  const defaults = readTimeDefaults((await cookies()).get('time')?.value);
  const one = (key: string) => (typeof search[key] === 'string' ? search[key] : undefined);
  const from = one('from') ?? defaults.from;
  const to = one('to') ?? (one('from') ? 'now' : defaults.to);
  const full = { from, to, ...params };
  const client = new QueryClient();
  try {
    const asked = findView(name)?.answer(viewContext(runtime()), full);
    const answer = await (Number.isFinite(patienceMs) ? Promise.race([asked, wait(patienceMs)]) : asked);
    // JSON and back: what the page gets from here is exactly what it would get over the wire.
    if (answer !== undefined)
      client.setQueryData(viewCacheKey(name, full), JSON.parse(JSON.stringify(answer)));
  } catch {
    return children;
  }
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
