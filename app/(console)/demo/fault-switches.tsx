'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DemoShop } from '#app/api/demo/shop.ts';
import { fetchJson, ViewError } from '#components/data/fetch-view.ts';
import { Card } from '#components/ui/card.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { EmptyState, ErrorState } from '#components/ui/states.tsx';
import { FaultRow } from './fault-row.tsx';

const URL = '/api/demo/faults';
const KEY = ['demo-faults'];
const REFRESH_MS = 3000;

export function FaultSwitches() {
  const client = useQueryClient();
  const shop = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await fetchJson(URL, { signal })) as DemoShop,
    refetchInterval: REFRESH_MS,
  });
  const change = useMutation({
    mutationFn: async (wanted: { name: string; on: boolean }) =>
      (await fetchJson(URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wanted),
      })) as DemoShop,
    onSuccess: (answer) => client.setQueryData(KEY, answer),
  });

  if (shop.error instanceof ViewError && shop.error.status === 404) {
    return (
      <Card>
        <EmptyState title="The demo shop does not run here">
          Stop Chokepoint and start it with <code className="font-mono">npm run demo</code>: it opens the shop
          beside the console, in the same database.
        </EmptyState>
      </Card>
    );
  }
  if (!shop.data) {
    return (
      <Card flush>
        {shop.error ? (
          <ErrorState message={shop.error.message} onRetry={() => void shop.refetch()} />
        ) : (
          <SkeletonRows rows={9} />
        )}
      </Card>
    );
  }
  return (
    <Card
      title="Faults"
      description="Each one really changes the running shop. A finding appears within about a minute and resolves a few minutes after the fault is off."
      flush
    >
      <p role="status" className="min-h-7 px-4 pb-2 text-xs text-muted">
        {change.error ? <span className="text-critical">{change.error.message}</span> : change.data?.message}
      </p>
      <ul className="divide-y border-t">
        {shop.data.faults.map((fault) => (
          <FaultRow
            key={fault.name}
            fault={fault}
            pending={change.isPending && change.variables.name === fault.name}
            onSwitch={(on) => change.mutate({ name: fault.name, on })}
          />
        ))}
      </ul>
    </Card>
  );
}
