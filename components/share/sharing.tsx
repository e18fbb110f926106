'use client';

import { Code } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import {
  type PanelAction,
  PanelActionsProvider,
  type PanelSource,
} from '#components/panels/panel-actions.tsx';
import type { PanelModel } from '#lib/show/panel.ts';
import { EmbedDialog } from './embed-dialog.tsx';

/** Adds "Embed…" to the menu of every panel below it. */
export function Sharing({ children }: { readonly children: ReactNode }) {
  const [embedded, setEmbedded] = useState<{ panel: PanelModel; source: PanelSource }>();
  const actions = useMemo<readonly PanelAction[]>(
    () => [
      {
        label: 'Embed…',
        icon: Code,
        run: (panel, source) => {
          if (source) setEmbedded({ panel, source });
        },
      },
    ],
    [],
  );
  return (
    <PanelActionsProvider actions={actions}>
      {children}
      {embedded && <EmbedDialog {...embedded} onClose={() => setEmbedded(undefined)} />}
    </PanelActionsProvider>
  );
}
