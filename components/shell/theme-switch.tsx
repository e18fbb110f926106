'use client';

import { Moon, Sun, SunMoon } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';

export type Theme = 'light' | 'dark' | 'auto';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICONS = { auto: SunMoon, light: Sun, dark: Moon };
const WORDS = { auto: 'as the system', light: 'light', dark: 'dark' };

/** Goes round: as the system, light, dark. The server reads the cookie, so the page never flashes. */
export function ThemeSwitch({ theme: initial }: { readonly theme: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = ICONS[theme];
  const change = () => {
    const next = NEXT[theme];
    setTheme(next);
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  const label = `Colours: ${WORDS[theme]}; switch to ${WORDS[NEXT[theme]]}`;
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={label} onClick={change}>
      <Icon aria-hidden />
    </Button>
  );
}
