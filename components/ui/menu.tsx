'use client';

import { EllipsisVertical, type LucideIcon } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { usePopover } from './popover.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
}

/** A button that opens a list of actions. */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const { open, setOpen, root } = usePopover<HTMLDivElement>();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [open]);
  const move = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div ref={root} className="relative">
      <Button
        variant="ghost"
        size="icon"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <EllipsisVertical aria-hidden />
      </Button>
      {open && (
        <div
          ref={list}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={move}
          className="absolute right-0 z-30 mt-1 min-w-44 rounded-md border bg-surface py-1 shadow-lg"
        >
          {items.map(({ label: text, icon: Icon, onSelect }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                setOpen(false);
                root.current?.querySelector<HTMLElement>('[aria-expanded]')?.focus();
                onSelect();
              }}
              className="flex h-8 w-full items-center gap-2 px-3 text-left text-sm whitespace-nowrap hover:bg-raised focus-visible:bg-raised focus-visible:-outline-offset-2"
            >
              {Icon && <Icon aria-hidden className="size-4 text-muted" />}
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
