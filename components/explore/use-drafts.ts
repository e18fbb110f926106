'use client';

import { useState } from 'react';
import type { UrlQuery } from './use-explore-url.ts';

/** A query as it is being written. */
export interface Draft {
  readonly id: number;
  readonly text: string;
  /** What stands in the URL; undefined until it was run. */
  readonly ran: string | undefined;
  readonly hidden: boolean;
}

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly edit: (id: number, text: string) => void;
  readonly add: (text?: string) => void;
  readonly remove: (id: number) => void;
  readonly toggle: (id: number) => void;
  /** Runs all drafts; with `texts`, these instead of what was written. */
  readonly run: (texts?: readonly string[]) => void;
}

interface Held {
  /** The URL's queries that the drafts were made from or written to. */
  readonly key: string;
  readonly nextId: number;
  readonly drafts: readonly Draft[];
}

const keyOf = (queries: readonly UrlQuery[]): string => JSON.stringify(queries);

function fromUrl(queries: readonly UrlQuery[], firstId: number): Held {
  const drafts = queries.map(({ text, hidden }, i) => ({ id: firstId + i, text, ran: text, hidden }));
  // There is always a line to write on.
  if (drafts.length === 0) drafts.push({ id: firstId, text: '', ran: '', hidden: false });
  return { key: keyOf(queries), nextId: firstId + drafts.length, drafts };
}

const inUrl = (drafts: readonly Draft[]): UrlQuery[] =>
  drafts.flatMap(({ ran, hidden }) => (ran ? [{ text: ran, hidden }] : []));

/** The lines of the editor. They follow the URL when it changes from elsewhere (back, a link) and write it when they run. */
export function useDrafts(
  queries: readonly UrlQuery[],
  write: (queries: readonly UrlQuery[]) => void,
  again: () => void,
): Drafts {
  const [held, setHeld] = useState(() => fromUrl(queries, 0));
  const now = held.key === keyOf(queries) ? held : fromUrl(queries, held.nextId);
  if (now !== held) setHeld(now);

  const keep = (drafts: readonly Draft[]) => setHeld({ ...now, drafts });
  const publish = (drafts: readonly Draft[]) => {
    const next = inUrl(drafts);
    setHeld({ ...now, key: keyOf(next), drafts });
    if (keyOf(next) === now.key) again();
    else write(next);
  };
  return {
    drafts: now.drafts,
    edit: (id, text) => keep(now.drafts.map((draft) => (draft.id === id ? { ...draft, text } : draft))),
    add: (text = '') =>
      setHeld({
        ...now,
        nextId: now.nextId + 1,
        drafts: [...now.drafts, { id: now.nextId, text, ran: undefined, hidden: false }],
      }),
    remove: (id) => {
      const left = now.drafts.filter((draft) => draft.id !== id);
      const gone = now.drafts.find((draft) => draft.id === id);
      const some = left.length > 0 ? left : fromUrl([], now.nextId).drafts;
      if (gone?.ran) publish(some);
      else keep(some);
    },
    toggle: (id) =>
      publish(now.drafts.map((draft) => (draft.id === id ? { ...draft, hidden: !draft.hidden } : draft))),
    run: (texts) => {
      const written = texts
        ? texts.map((text, i) => ({ id: now.nextId + i, text, ran: text, hidden: false }))
        : now.drafts.map((draft) => ({ ...draft, ran: draft.text.trim() }));
      const filled = written.filter(({ ran }) => ran !== '');
      publish(filled.length > 0 ? filled : written.slice(0, 1));
    },
  };
}
