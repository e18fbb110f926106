'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { type ViewParams, viewCacheKey } from '#lib/show/view-key.ts';
import { fetchView } from './fetch-view.ts';
import { useFrozen } from './frozen.tsx';

export interface ViewState<M> {
  readonly data: M | undefined;
  /** Why there is no (fresh) answer. With `data` present, what is shown dates from `staleSince`. */
  readonly error: string | undefined;
  /** ms since the epoch */
  readonly staleSince: number | undefined;
  /** Nothing to show yet. */
  readonly loading: boolean;
  /** The answer shown belongs to the previous range while the new one loads. */
  readonly updating: boolean;
  readonly retry: () => void;
}

/**
 * Asks a view (`GET /api/ui/<name>`). `from` and `to` come from the time picker unless `params` has them; it asks
 * again at the picker's refresh interval unless `refreshMs` says otherwise (false: never).
 */
export function useView<M>(
  name: string,
  params: ViewParams = {},
  options: { readonly refreshMs?: number | false; readonly enabled?: boolean } = {},
): ViewState<M> {
  const frozen = useFrozen();
  const range = useTimeRange();
  const full: ViewParams = { from: range.from, to: range.to, ...params };
  const [subject, key] = viewCacheKey(name, full);
  const query = useQuery({
    queryKey: [subject, key],
    // The shape of an answer is the view's own business on both sides of the wire; one build holds both.
    queryFn: async ({ signal }) => (await fetchView(name, full, signal)) as M,
    enabled: !frozen && options.enabled !== false,
    refetchInterval: options.refreshMs ?? (range.refreshMs || false),
    // The same subject over another range may stand in while loading; another subject may not.
    placeholderData: (previous, previousQuery) =>
      previousQuery?.queryKey[0] === subject ? previous : undefined,
  });
  const retry = () => {
    query.refetch().catch(() => undefined);
  };
  if (frozen) {
    const answer = frozen.answers[key] as M | undefined;
    const error = answer === undefined ? 'This part was not kept in the snapshot.' : undefined;
    return { data: answer, error, staleSince: undefined, loading: false, updating: false, retry: () => {} };
  }
  return {
    data: query.data,
    error: query.error?.message,
    staleSince: query.error && query.data !== undefined ? query.dataUpdatedAt : undefined,
    loading: query.data === undefined && !query.error,
    updating: query.isPlaceholderData,
    retry,
  };
}
