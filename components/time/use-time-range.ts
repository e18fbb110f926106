'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { useFrozen } from '#components/data/frozen.tsx';
import { parseDuration, parseTimeRange, type TimeRange } from '#lib/model/time-range.ts';
import { useTimeDefaults } from './time-provider.tsx';

export interface TimeRangeState {
  /** As the URL writes them: `now-1h`, epoch ms, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** The range moves with the clock. */
  readonly live: boolean;
  /** `off` or a duration such as `10s`. */
  readonly refresh: string;
  /** 0 when refreshing is off. */
  readonly refreshMs: number;
  /** False in a snapshot or embed: the range stands still. */
  readonly changeable: boolean;
  readonly setRange: (from: string, to: string) => void;
  readonly setRefresh: (refresh: string) => void;
  /** Zooms to absolute times and remembers where the zooming began. */
  readonly zoomTo: (range: TimeRange) => void;
  /** Present while zoomed in: back to the first range. */
  readonly resetZoom: (() => void) | undefined;
  /** Moves by half the range (−1 earlier, 1 later) or widens and narrows it about its middle. */
  readonly shift: (direction: -1 | 1) => void;
  readonly zoom: (factor: number) => void;
}

const KEYS = { from: parseAsString, to: parseAsString, refresh: parseAsString };

/** The page's time range. The URL is its state; a stored default stands in where the URL says nothing. */
export function useTimeRange(): TimeRangeState {
  const frozen = useFrozen();
  const { defaults, zoomOrigin, setZoomOrigin } = useTimeDefaults();
  const [url, setUrl] = useQueryStates(KEYS);
  return useMemo(() => {
    const from = frozen?.from ?? url.from ?? defaults.from;
    const to = frozen?.to ?? url.to ?? (url.from ? 'now' : defaults.to);
    const live = !frozen && /^now(?:\/[smhdw])?$/.test(to);
    const refresh = url.refresh ?? (live ? defaults.refresh : 'off');
    const write = (next: { from?: string; to?: string; refresh?: string }, history: 'push' | 'replace') => {
      if (!frozen) setUrl(next, { history }).catch(() => undefined);
    };
    const setRange = (nextFrom: string, nextTo: string) => {
      setZoomOrigin(undefined);
      write({ from: nextFrom, to: nextTo }, 'push');
    };
    const absolute = (a: number, b: number) =>
      write({ from: String(Math.round(a)), to: String(Math.round(b)) }, 'push');
    const resolved = (): TimeRange => {
      try {
        return parseTimeRange(from, to, Date.now());
      } catch {
        return parseTimeRange(undefined, undefined, Date.now());
      }
    };
    return {
      from,
      to,
      live,
      refresh,
      refreshMs: frozen ? 0 : (parseDuration(refresh) ?? 0),
      changeable: !frozen,
      setRange,
      setRefresh: (next) => write({ refresh: next }, 'replace'),
      zoomTo: (range) => {
        if (!zoomOrigin) setZoomOrigin({ from, to });
        absolute(range.from, range.to);
      },
      resetZoom: zoomOrigin && (() => setRange(zoomOrigin.from, zoomOrigin.to)),
      shift: (direction) => {
        const range = resolved();
        const by = (direction * (range.to - range.from)) / 2;
        absolute(range.from + by, range.to + by);
      },
      zoom: (factor) => {
        const range = resolved();
        const middle = (range.from + range.to) / 2;
        const half = Math.max(30_000, ((range.to - range.from) * factor) / 2);
        absolute(middle - half, middle + half);
      },
    };
  }, [frozen, url, defaults, zoomOrigin, setZoomOrigin, setUrl]);
}
