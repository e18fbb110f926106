'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { TIME_DEFAULTS, type TimeDefaults } from './time-defaults.ts';

interface TimeContextValue {
  readonly defaults: TimeDefaults;
  /** Keeps them for the next visit too. */
  readonly setDefaults: (defaults: TimeDefaults) => void;
  readonly zoomOrigin: { readonly from: string; readonly to: string } | undefined;
  readonly setZoomOrigin: (origin: { from: string; to: string } | undefined) => void;
}

const TimeContext = createContext<TimeContextValue>({
  defaults: TIME_DEFAULTS,
  setDefaults: () => {},
  zoomOrigin: undefined,
  setZoomOrigin: () => {},
});

export function TimeProvider({
  defaults: stored,
  children,
}: {
  readonly defaults: TimeDefaults;
  readonly children: ReactNode;
}) {
  const [defaults, setOwn] = useState(stored);
  const [zoomOrigin, setZoomOrigin] = useState<{ from: string; to: string }>();
  const value = useMemo(
    () => ({
      defaults,
      setDefaults: (next: TimeDefaults) => {
        setOwn(next);
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
        document.cookie = `time=${encodeURIComponent(JSON.stringify(next))}; path=/; max-age=31536000; samesite=lax`;
      },
      zoomOrigin,
      setZoomOrigin,
    }),
    [defaults, zoomOrigin],
  );
  return <TimeContext value={value}>{children}</TimeContext>;
}

export function useTimeDefaults(): TimeContextValue {
  return useContext(TimeContext);
}
