'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { fetchJson } from '#components/data/fetch-view.ts';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { Button, LinkButton } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Select, TextField } from '#components/ui/fields.tsx';
import { ErrorState } from '#components/ui/states.tsx';

const Made = z.object({ id: z.string(), url: z.string(), deleteKey: z.string() });

const EXPIRIES = [
  { value: '', label: 'Never' },
  { value: '7d', label: 'In 7 days' },
  { value: '30d', label: 'In 30 days' },
  { value: '1y', label: 'In a year' },
];

/** The open page with the range that is shown, as a path. */
function pageUrl(from: string, to: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set('from', from);
  url.searchParams.set('to', to);
  url.searchParams.delete('refresh');
  return `${url.pathname}${url.search}`;
}

/** Makes a frozen copy of the page: its link shows the same thing in a year. */
export function SnapshotDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { from, to } = useTimeRange();
  const [title, setTitle] = useState('');
  const [expires, setExpires] = useState('');
  const make = useMutation({
    mutationFn: async () =>
      Made.parse(
        await fetchJson('/api/v1/snapshots', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            url: pageUrl(from, to),
            ...(title.trim() ? { title: title.trim() } : {}),
            ...(expires ? { expires } : {}),
          }),
        }),
      ),
  });
  const close = () => {
    make.reset();
    onClose();
  };
  const link = make.data && `${window.location.origin}${make.data.url}`;
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Snapshot of this page"
      footer={
        make.data ? (
          <LinkButton href={make.data.url} variant="primary">
            Open the snapshot
          </LinkButton>
        ) : (
          <Button variant="primary" disabled={make.isPending} onClick={() => make.mutate()}>
            {make.isPending ? 'Freezing…' : 'Create snapshot'}
          </Button>
        )
      }
    >
      {make.data && link ? (
        <div className="space-y-3">
          <p>Frozen. This link keeps showing what you see now, whatever happens to the live data.</p>
          <CodeBlock text={link} label="Link" />
          <p className="text-xs text-muted">
            Keep this key if you may want to delete it later; it is shown only once.
          </p>
          <CodeBlock text={make.data.deleteKey} label="Delete key" />
        </div>
      ) : (
        <div className="space-y-3">
          <p className="text-muted">
            Keeps the numbers, the findings with their evidence, and the playbooks of this page as they are
            now. Anyone who can open Chokepoint can open the link.
          </p>
          <TextField
            label="Title (optional)"
            value={title}
            maxLength={200}
            placeholder="Checkout slow, 12 March"
            onChange={(event) => setTitle(event.target.value)}
          />
          <Select
            label="Expires"
            options={EXPIRIES}
            value={expires}
            onChange={(event) => setExpires(event.target.value)}
          />
          {make.error && (
            <ErrorState
              title="The snapshot was not made"
              message={make.error.message}
              onRetry={() => make.mutate()}
            />
          )}
        </div>
      )}
    </Dialog>
  );
}
