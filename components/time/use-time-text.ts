'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useSyncExternalStore } from 'react';
import { clockText, dateTimeText, dayText, isoText, minuteText } from '#lib/show/time-text.ts';
import { useTimeDefaults } from './time-provider.tsx';

const never = () => () => {};
const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
// The server does not know the reader's zone: the first paint is in UTC, and the same on both sides.
const serverZone = () => 'UTC';

/** IANA name of the zone that times are shown in: `tz` of the URL (`utc`, `browser`), else the stored default. */
export function useZone(): string {
  const { defaults } = useTimeDefaults();
  const [tz] = useQueryState('tz', parseAsString);
  const browser = useSyncExternalStore(never, browserZone, serverZone);
  return (tz ?? defaults.zone) === 'utc' ? 'UTC' : browser;
}

/** Writers of times in the reader's zone. */
export function useTimeText() {
  const zone = useZone();
  return useMemo(
    () => ({
      zone,
      /** `14:05` */
      minute: (at: number) => minuteText(at, zone),
      /** `14:05:09` */
      clock: (at: number) => clockText(at, zone),
      /** `Nov 20` */
      day: (at: number) => dayText(at, zone),
      /** `Nov 20, 14:05:09` */
      dateTime: (at: number) => dateTimeText(at, zone),
      /** `2026-11-20 14:05:09.250` */
      iso: (at: number) => isoText(at, zone),
    }),
    [zone],
  );
}
