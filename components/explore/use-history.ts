'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { z } from 'zod';

const KEY = 'chokepoint.explore.history';
const MOST = 60;

const Entries = z
  .array(z.object({ queries: z.array(z.string().max(20_000)).min(1), at: z.number() }))
  .max(1000);
export type HistoryEntry = z.infer<typeof Entries>[number];

const listeners = new Set<() => void>();
const NONE: readonly HistoryEntry[] = [];
let cached: { readonly text: string; readonly entries: readonly HistoryEntry[] } = {
  text: '',
  entries: NONE,
};

/** What is stored may have been written by anything; what does not fit counts as nothing. */
function read(): readonly HistoryEntry[] {
  let text = '';
  try {
    text = window.localStorage.getItem(KEY) ?? '';
    if (text === cached.text) return cached.entries;
    const parsed = Entries.safeParse(JSON.parse(text || '[]'));
    cached = { text, entries: parsed.success ? parsed.data : NONE };
  } catch {
    cached = { text, entries: NONE };
  }
  return cached.entries;
}

function write(entries: readonly HistoryEntry[]): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
  } catch {
    // Storage that is full or forbidden costs the history, nothing else.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);

/** Queries that were run in this browser, the latest first. Nothing of it leaves the browser. */
export function useHistory(): {
  readonly entries: readonly HistoryEntry[];
  readonly remember: (queries: readonly string[]) => void;
  readonly forget: (entry?: HistoryEntry) => void;
} {
  const entries = useSyncExternalStore(subscribe, read, () => NONE);
  const remember = useCallback((queries: readonly string[]) => {
    if (queries.length === 0) return;
    write([
      { queries: [...queries], at: Date.now() },
      ...read().filter((entry) => !same(entry.queries, queries)),
    ]);
  }, []);
  const forget = useCallback((entry?: HistoryEntry) => {
    write(entry ? read().filter((other) => !same(other.queries, entry.queries)) : []);
  }, []);
  return { entries, remember, forget };
}
