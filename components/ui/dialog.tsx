'use client';

import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

const PLACE = {
  centre: 'm-auto max-h-[85dvh] w-[min(40rem,calc(100vw-2rem))] rounded-lg border',
  right: 'mr-0 ml-auto h-dvh max-h-dvh w-[min(36rem,100vw)] max-w-none border-l',
};

/**
 * A modal on the native `<dialog>`: focus is kept inside and starts at what has
 * `data-autofocus`; Escape and a click beside it close it.
 */
export function Dialog({
  open,
  onClose,
  title,
  place = 'centre',
  footer,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly place?: 'centre' | 'right';
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const node = dialog.current;
    if (open && node && !node.open) {
      node.showModal();
      node.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    if (!open && node?.open) node.close();
  }, [open]);
  const closeFromBackdrop = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes it on Escape
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={closeFromBackdrop}
      className={classNames('bg-surface p-0 text-text shadow-2xl backdrop:bg-black/50', PLACE[place])}
    >
      {open && (
        <div className={classNames('flex flex-col', place === 'right' ? 'h-full' : 'max-h-[85dvh]')}>
          <header className="flex items-center justify-between gap-3 border-b px-4 py-2">
            <h2 id={id} className="font-semibold">
              {title}
            </h2>
            <Button variant="ghost" size="icon" onClick={onClose} aria-label="Close">
              <X aria-hidden />
            </Button>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex justify-end gap-2 border-t px-4 py-3">{footer}</footer>
          )}
        </div>
      )}
    </dialog>
  );
}

/** Details beside the page. */
export function Sheet(props: Omit<Parameters<typeof Dialog>[0], 'place'>) {
  return <Dialog {...props} place="right" />;
}
