'use client';

import { History, X } from 'lucide-react';
import { useState } from 'react';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Sheet } from '#components/ui/dialog.tsx';
import { EmptyState } from '#components/ui/states.tsx';
import type { useHistory } from './use-history.ts';

/** Queries that were run before; a click runs them again. */
export function HistoryButton({
  history,
  onPick,
}: {
  readonly history: ReturnType<typeof useHistory>;
  readonly onPick: (queries: readonly string[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const time = useTimeText();
  const { entries, forget } = history;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <History aria-hidden /> History
      </Button>
      <Sheet
        open={open}
        onClose={() => setOpen(false)}
        title="Query history"
        footer={entries.length > 0 && <Button onClick={() => forget()}>Forget all</Button>}
      >
        <p className="mb-3 text-xs text-muted">
          Kept in this browser only: nobody else sees it, and it is gone when the browser's data are cleared.
        </p>
        {entries.length === 0 ? (
          <EmptyState title="Nothing was run yet" icon={History}>
            Queries that you run appear here.
          </EmptyState>
        ) : (
          <ul className="divide-y rounded-md border">
            {entries.map((entry) => (
              <li key={JSON.stringify(entry.queries)} className="flex items-start gap-1">
                <button
                  type="button"
                  className="min-w-0 flex-1 px-3 py-2 text-left hover:bg-raised"
                  onClick={() => {
                    setOpen(false);
                    onPick(entry.queries);
                  }}
                >
                  {entry.queries.map((query) => (
                    <code
                      key={query}
                      className="line-clamp-4 block font-mono text-xs break-all whitespace-pre-wrap"
                    >
                      {query}
                    </code>
                  ))}
                  <span className="text-xs text-muted">{time.dateTime(entry.at)}</span>
                </button>
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={`Forget ${entry.queries.join(', ').slice(0, 80)}`}
                  onClick={() => forget(entry)}
                >
                  <X aria-hidden />
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Sheet>
    </>
  );
}
