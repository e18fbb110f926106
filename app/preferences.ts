import { TIME_DEFAULTS, TimeDefaults } from '#components/time/time-defaults.ts';

export type Theme = 'light' | 'dark' | 'auto';

/** Cookies come from outside: anything unknown counts as not set. */
export function readTheme(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto';
}

export function readTimeDefaults(cookie: string | undefined): TimeDefaults {
  if (cookie === undefined) return TIME_DEFAULTS;
  try {
    const parsed = TimeDefaults.safeParse(JSON.parse(cookie));
    return parsed.success ? parsed.data : TIME_DEFAULTS;
  } catch {
    return TIME_DEFAULTS;
  }
}
