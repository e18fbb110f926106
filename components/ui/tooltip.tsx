'use client';

import { Info } from 'lucide-react';
import { useId, useRef } from 'react';

/** An ⓘ button whose note shows on hover, focus and tap; it lives in the top layer, so nothing clips it. */
export function InfoTip({
  text,
  label = 'What is this?',
}: {
  readonly text: string;
  readonly label?: string;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLDivElement>(null);
  const show = () => {
    const at = button.current?.getBoundingClientRect();
    const box = note.current;
    if (!at || !box) return;
    box.showPopover();
    const left = at.left + at.width / 2 - box.offsetWidth / 2;
    const below = at.bottom + 6;
    box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${below + box.offsetHeight > window.innerHeight ? at.top - box.offsetHeight - 6 : below}px`;
  };
  const hide = () => note.current?.hidePopover();
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-describedby={id}
        onPointerEnter={show}
        onPointerLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={show}
        onKeyDown={(event) => event.key === 'Escape' && hide()}
        className="inline-grid size-6 shrink-0 place-items-center rounded text-muted hover:text-text"
      >
        <Info aria-hidden className="size-3.5" />
      </button>
      <div
        ref={note}
        id={id}
        role="tooltip"
        popover="manual"
        className="fixed m-0 max-w-72 rounded-md border bg-surface px-2.5 py-1.5 text-xs text-text shadow-lg"
      >
        {text}
      </div>
    </>
  );
}
