'use client';

import type { LucideIcon } from 'lucide-react';
import { createContext, type ReactNode, useContext } from 'react';
import type { PanelModel } from '#lib/show/panel.ts';

/** Where a panel's numbers come from: the view to ask and what to ask it. */
export interface PanelSource {
  readonly view: string;
  readonly params: Readonly<Record<string, string>>;
}

/** An entry that a page adds to the ⋮ menu of each of its panels ("Embed…", "Snapshot"). */
export interface PanelAction {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly run: (panel: PanelModel, source: PanelSource | undefined) => void;
}

const PanelActionsContext = createContext<readonly PanelAction[]>([]);

export function PanelActionsProvider({
  actions,
  children,
}: {
  readonly actions: readonly PanelAction[];
  readonly children: ReactNode;
}) {
  return <PanelActionsContext value={actions}>{children}</PanelActionsContext>;
}

export function usePanelActions(): readonly PanelAction[] {
  return useContext(PanelActionsContext);
}
