import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { DataProvider } from '#components/data/provider.tsx';
import { TimeProvider } from '#components/time/time-provider.tsx';
import { readTheme, readTimeDefaults } from './preferences.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { template: '%s · Chokepoint', default: 'Chokepoint' },
  description: 'What limits the system now, what proves it, what to do, and whether it helped.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const jar = await cookies();
  return (
    <html lang="en" data-theme={readTheme(jar.get('theme')?.value)}>
      <body>
        <NuqsAdapter>
          <TimeProvider defaults={readTimeDefaults(jar.get('time')?.value)}>
            <DataProvider>{children}</DataProvider>
          </TimeProvider>
        </NuqsAdapter>
      </body>
    </html>
  );
}
