'use client';

import { useQuery } from '@tanstack/react-query';
import { fetchJson } from '#components/data/fetch-view.ts';
import { FrozenProvider } from '#components/data/frozen.tsx';
import { Panel } from '#components/panels/panel.tsx';
import type { PanelModel } from '#lib/show/panel.ts';

const REFRESH_MS = 30_000;

/** One panel alone. It fetches only its own data, without cookies, so it also works in a frame without an origin. */
export function EmbeddedPanel({
  token,
  first,
  live,
}: {
  readonly token: string;
  readonly first: PanelModel;
  readonly live: boolean;
}) {
  const { data } = useQuery({
    queryKey: ['embed', token],
    queryFn: async () => (await fetchJson(`/embed/${token}/data`, { credentials: 'omit' })) as PanelModel,
    initialData: first,
    refetchInterval: live ? REFRESH_MS : false,
    staleTime: REFRESH_MS,
  });
  return (
    <FrozenProvider answers={{}} from={String(data.range.from)} to={String(data.range.to)}>
      <Panel panel={data} />
    </FrozenProvider>
  );
}
