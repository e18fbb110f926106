'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { fetchJson } from '#components/data/fetch-view.ts';
import type { PanelSource } from '#components/panels/panel-actions.tsx';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Select, TextField } from '#components/ui/fields.tsx';
import { ErrorState } from '#components/ui/states.tsx';
import type { PanelModel } from '#lib/show/panel.ts';

const Made = z.object({ url: z.string(), iframe: z.string(), markdown: z.string() });

const THEMES = [
  { value: 'auto', label: "The reader's own" },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Makes the code that puts one panel into a wiki page, readable there only. */
export function EmbedDialog({
  panel,
  source,
  onClose,
}: {
  readonly panel: PanelModel;
  readonly source: PanelSource;
  readonly onClose: () => void;
}) {
  const range = useTimeRange();
  const [origins, setOrigins] = useState('');
  const [theme, setTheme] = useState('auto');
  const [moves, setMoves] = useState(range.live ? 'moving' : 'fixed');
  const make = useMutation({
    mutationFn: async () => {
      const { panel: id, ...params } = source.params;
      const fixed = { from: String(Math.round(panel.range.from)), to: String(Math.round(panel.range.to)) };
      const body = {
        panel: id,
        params,
        theme,
        origins: origins.split(/[\s,]+/).filter(Boolean),
        ...(moves === 'moving' ? { from: range.from, to: range.to } : fixed),
      };
      return Made.parse(
        await fetchJson('/api/v1/embeds', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Embed “${panel.title}”`}
      footer={
        !make.data && (
          <Button
            variant="primary"
            disabled={make.isPending || origins.trim() === ''}
            onClick={() => make.mutate()}
          >
            {make.isPending ? 'Creating…' : 'Create the code'}
          </Button>
        )
      }
    >
      {make.data ? (
        <div className="space-y-3">
          <p>
            Paste this into the page. It works only on the sites you listed, and the code is shown only once.
          </p>
          <CodeBlock text={make.data.iframe} label="iframe code" wrap />
          <p className="text-xs text-muted">
            Where only Markdown is allowed (a picture that links to the panel):
          </p>
          <CodeBlock text={make.data.markdown} label="Markdown" wrap />
        </div>
      ) : (
        <div className="space-y-3">
          <TextField
            label="Sites that may show it"
            hint="One or more origins, e.g. https://wiki.example.org. Everywhere else the panel is refused."
            placeholder="https://wiki.example.org"
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
          <div className="flex flex-wrap gap-4">
            <Select
              label="Theme"
              options={THEMES}
              value={theme}
              onChange={(event) => setTheme(event.target.value)}
            />
            <Select
              label="Time"
              options={[
                ...(range.live ? [{ value: 'moving', label: `Moving (${range.from} to ${range.to})` }] : []),
                { value: 'fixed', label: 'As shown now' },
              ]}
              value={moves}
              onChange={(event) => setMoves(event.target.value)}
            />
          </div>
          {make.error && (
            <ErrorState
              title="The embed was not made"
              message={make.error.message}
              onRetry={() => make.mutate()}
            />
          )}
        </div>
      )}
    </Dialog>
  );
}
