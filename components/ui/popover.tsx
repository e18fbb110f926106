'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';

/** Open state of something that drops down from a button: closes on Escape (focus returns), on a click outside, on focus leaving. */
export function usePopover<T extends HTMLElement>(): {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  /** Wraps both the button and what drops down. */
  readonly root: RefObject<T | null>;
} {
  const [open, setOpen] = useState(false);
  const root = useRef<T>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector<HTMLElement>('[aria-expanded]')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onEscape, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onEscape, true);
    };
  }, [open]);
  return { open, setOpen, root };
}
