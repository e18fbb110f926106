'use client';

import { Rocket, Settings2, Siren, StickyNote } from 'lucide-react';
import { useTimeText } from '#components/time/use-time-text.ts';
import type { ChangeEvent } from '#lib/model/event.ts';

const KINDS = {
  deploy: { icon: Rocket, word: 'Deploy' },
  config: { icon: Settings2, word: 'Config' },
  incident: { icon: Siren, word: 'Incident' },
  note: { icon: StickyNote, word: 'Note' },
};

/** What people changed, newest first. */
export function ChangeList({ changes }: { readonly changes: readonly ChangeEvent[] }) {
  const time = useTimeText();
  if (changes.length === 0) {
    return (
      <p className="border-t px-4 py-5 text-center text-muted">
        No deploys or other changes in this time range.
      </p>
    );
  }
  return (
    <ul className="divide-y border-t">
      {changes.map((change) => {
        const { icon: Icon, word } = KINDS[change.kind];
        return (
          <li key={change.id} className="flex gap-3 px-3 py-2 sm:px-4">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
            <div className="min-w-0">
              <p className="break-words">
                {change.url ? (
                  <a href={change.url} rel="noreferrer" className="text-accent hover:underline">
                    {change.title}
                  </a>
                ) : (
                  change.title
                )}
              </p>
              <p className="text-xs text-muted">
                {[word, change.service || 'everything', change.version, time.dateTime(change.at)]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
