'use client';

import { useSyncExternalStore } from 'react';

/** The instant under the pointer, shared by all charts of the page; `owner` is the chart that is hovered. */
export interface Crosshair {
  readonly at: number;
  readonly owner: string;
}

let current: Crosshair | undefined;
const listeners = new Set<() => void>();

/** Moves the crosshair of every chart; only the thin layers above the plots draw again. */
export function setCrosshair(next: Crosshair | undefined): void {
  if (current?.at === next?.at && current?.owner === next?.owner) return;
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCrosshair(): Crosshair | undefined {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => undefined,
  );
}
