'use client';

import { Ellipsis } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { TimeLink } from '#components/time/time-link.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { usePopover } from '#components/ui/popover.tsx';
import { isCurrent, type NavItem, navItems } from './nav-items.ts';

const CELL = 'flex h-14 w-full flex-col items-center justify-center gap-1 text-[0.6875rem] leading-none';

/** The phone's navigation, in reach of the thumb. */
export function BottomNav({ demo }: { readonly demo: boolean }) {
  const pathname = usePathname();
  const { open, setOpen, root } = usePopover<HTMLLIElement>();
  const items = navItems(demo);
  const more = items.filter((item) => !item.main);
  const inMore = more.some((item) => isCurrent(item, pathname));
  const link = (item: NavItem, className: string) => {
    const current = isCurrent(item, pathname);
    return (
      <TimeLink
        href={item.href}
        aria-current={current ? 'page' : undefined}
        onClick={() => setOpen(false)}
        className={classNames(className, current ? 'font-medium text-accent' : 'text-muted')}
      >
        <item.icon aria-hidden className="size-5" />
        {item.label}
      </TimeLink>
    );
  };
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="grid grid-cols-5">
        {items
          .filter((item) => item.main)
          .map((item) => (
            <li key={item.href}>{link(item, CELL)}</li>
          ))}
        <li ref={root} className="relative">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className={classNames(CELL, inMore ? 'font-medium text-accent' : 'text-muted')}
          >
            <Ellipsis aria-hidden className="size-5" />
            More
          </button>
          {open && (
            <ul className="absolute right-2 bottom-full mb-2 w-44 rounded-lg border bg-surface py-1 shadow-xl">
              {more.map((item) => (
                <li key={item.href}>{link(item, 'flex h-11 items-center gap-3 px-4 text-sm')}</li>
              ))}
            </ul>
          )}
        </li>
      </ul>
    </nav>
  );
}
