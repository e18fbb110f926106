import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { readTheme } from '#app/preferences.ts';
import { runtime } from '#app/runtime.ts';
import { ShareButton } from '#components/share/share-button.tsx';
import { Sharing } from '#components/share/sharing.tsx';
import { BottomNav } from '#components/shell/bottom-nav.tsx';
import { FocusHeading } from '#components/shell/focus-heading.tsx';
import { Shortcuts } from '#components/shell/shortcuts.tsx';
import { SideNav } from '#components/shell/side-nav.tsx';
import { ThemeSwitch } from '#components/shell/theme-switch.tsx';
import { TimeBar } from '#components/time/time-bar.tsx';

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const theme = readTheme((await cookies()).get('theme')?.value);
  const demo = runtime().demoUrl !== undefined;
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded bg-accent-fill px-3 py-2 text-on-fill focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <SideNav demo={demo} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-12 items-center justify-between gap-1 border-b bg-surface px-2 sm:px-4">
          <TimeBar />
          <div className="ml-auto flex items-center">
            <ShareButton />
            <Shortcuts />
            <ThemeSwitch theme={theme} />
          </div>
        </header>
        <main id="main" className="mx-auto w-full max-w-[100rem] flex-1 p-3 pb-20 sm:p-4 lg:pb-8">
          <Sharing>{children}</Sharing>
        </main>
      </div>
      <BottomNav demo={demo} />
      <FocusHeading />
    </div>
  );
}
