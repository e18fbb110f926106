'use client';

import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { fetchView } from '#components/data/fetch-view.ts';
import { useFrozen } from '#components/data/frozen.tsx';
import { useTimeRange } from '#components/time/use-time-range.ts';
import type { ExploreModel } from '#lib/show/explore.ts';
import { viewCacheKey, viewKey } from '#lib/show/view-key.ts';
import type { UrlQuery } from './use-explore-url.ts';

export interface Answer {
  readonly query: string;
  readonly hidden: boolean;
  readonly model: ExploreModel | undefined;
  /** Why the server gave no answer at all; what is wrong with the query stands in the model. */
  readonly error: string | undefined;
  readonly loading: boolean;
  /** What is shown belongs to the previous range, or is being asked anew. */
  readonly updating: boolean;
  readonly retry: () => void;
}

/** Each query is a question of its own: one that fails or takes long holds up no other. A hidden one is not asked. */
export function useAnswers(queries: readonly UrlQuery[], tab: string | undefined): readonly Answer[] {
  const frozen = useFrozen();
  const { from, to, refreshMs } = useTimeRange();
  const before = useRef(new Map<string, ExploreModel>());
  const asked = queries.map(({ text }) => {
    const params = { from, to, q: text, tab };
    return { params, keys: viewCacheKey('explore', params) };
  });
  const results = useQueries({
    queries: asked.map(({ params, keys: [subject, key] }, i) => ({
      queryKey: [subject, key],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await fetchView('explore', params, signal)) as ExploreModel,
      enabled: !frozen && queries[i]?.hidden === false,
      refetchInterval: refreshMs || (false as const),
      // The same query over another range stands in while it loads.
      placeholderData: () => before.current.get(subject),
    })),
  });
  useEffect(() => {
    before.current = new Map(
      asked.flatMap(({ keys }, i) => {
        const data = results[i]?.data;
        return data ? [[keys[0], data] as const] : [];
      }),
    );
  });
  return queries.map(({ text, hidden }, i) => {
    const result = results[i];
    const params = asked[i]?.params ?? {};
    const model = frozen
      ? (frozen.answers[viewKey('explore', params)] as ExploreModel | undefined)
      : result?.data;
    const missing = frozen && !model ? 'This part was not kept in the snapshot.' : undefined;
    return {
      query: text,
      hidden,
      model,
      error: missing ?? result?.error?.message,
      loading: !frozen && !hidden && model === undefined && !result?.error,
      updating: !frozen && (result?.isPlaceholderData ?? false),
      retry: () => {
        result?.refetch().catch(() => undefined);
      },
    };
  });
}
