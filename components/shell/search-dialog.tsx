'use client';

import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useState } from 'react';
import { useView } from '#components/data/use-view.ts';
import { useTimeHref } from '#components/time/time-link.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { Dialog } from '#components/ui/dialog.tsx';
import { searchHits } from '#lib/show/search.ts';
import type { ServiceRow } from '#lib/show/service-row.ts';
import { navItems } from './nav-items.ts';

/** Type a service, a page, a query in PromQL, a trace id or a statement's fingerprint; Enter goes there. */
export function SearchDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Search">
      <SearchBox onDone={onClose} />
    </Dialog>
  );
}

function SearchBox({ onDone }: { readonly onDone: () => void }) {
  const id = useId();
  const router = useRouter();
  const timeHref = useTimeHref();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { data } = useView<{ services: readonly ServiceRow[] }>('services', {}, { refreshMs: false });
  const hits = searchHits(text, data?.services.map((row) => row.service) ?? [], navItems(false));
  const go = (href: string) => {
    onDone();
    router.push(timeHref(href));
  };
  const onKey = (event: KeyboardEvent) => {
    const hit = hits[at];
    if (event.key === 'Enter' && hit) go(hit.href);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || hits.length === 0) return;
    event.preventDefault();
    setAt((at + step + hits.length) % hits.length);
  };
  return (
    <>
      <input
        data-autofocus
        role="combobox"
        aria-label="Service, page, PromQL, trace id or statement fingerprint"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={hits[at] ? `${id}-${at}` : undefined}
        placeholder="Service, page, PromQL, trace id or statement fingerprint"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        className="h-10 w-full rounded-md border border-line-strong bg-surface px-3"
      />
      <div id={`${id}-list`} role="listbox" aria-label="Results" className="mt-2 min-h-48">
        {hits.map((hit, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles keys
          <div
            key={`${hit.kind}:${hit.href}`}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={() => go(hit.href)}
            className={classNames(
              'flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-md px-3 py-1.5 hover:bg-raised',
              i === at && 'bg-accent-soft',
            )}
          >
            <span className="min-w-0 break-all">{hit.label}</span>
            <span className="text-xs text-muted">{hit.kind}</span>
          </div>
        ))}
        {hits.length === 0 && (
          <p className="px-3 py-6 text-center text-muted">Nothing is called like that.</p>
        )}
      </div>
    </>
  );
}
