'use client';

import { usePathname } from 'next/navigation';
import { TimeLink } from '#components/time/time-link.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { Logo } from './logo.tsx';
import { isCurrent, navItems } from './nav-items.ts';

export function SideNav({ demo }: { readonly demo: boolean }) {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 hidden h-dvh w-48 shrink-0 flex-col gap-4 overflow-y-auto border-r bg-surface p-3 lg:flex"
    >
      <TimeLink href="/" className="flex h-8 items-center gap-2 px-2 font-semibold">
        <Logo />
        Chokepoint
      </TimeLink>
      <ul className="space-y-0.5">
        {navItems(demo).map((item) => {
          const current = isCurrent(item, pathname);
          return (
            <li key={item.href}>
              <TimeLink
                href={item.href}
                aria-current={current ? 'page' : undefined}
                className={classNames(
                  'flex h-8 items-center gap-2.5 rounded-md px-2',
                  current
                    ? 'bg-accent-soft font-medium text-accent'
                    : 'text-muted hover:bg-raised hover:text-text',
                )}
              >
                <item.icon aria-hidden className="size-4" />
                {item.label}
              </TimeLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
