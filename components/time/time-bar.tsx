'use client';

import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, RefreshCw, Undo2, ZoomOut } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { Select } from '#components/ui/fields.tsx';
import { RangePicker } from './range-picker.tsx';
import { useTimeRange } from './use-time-range.ts';

const REFRESH = ['off', '5s', '10s', '30s', '1m', '5m'].map((value) => ({
  value,
  label: value === 'off' ? 'Refresh off' : `Every ${value}`,
}));

/** Range, shift, zoom and refresh: the same on every page. */
export function TimeBar() {
  const range = useTimeRange();
  if (!range.changeable) return null;
  return (
    <div className="flex min-w-0 items-center gap-1">
      {range.resetZoom && (
        <Button
          variant="ghost"
          onClick={range.resetZoom}
          className="max-sm:w-8 max-sm:justify-center max-sm:px-0"
        >
          <Undo2 aria-hidden />
          <span className="max-sm:sr-only">Reset zoom</span>
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon"
        aria-label="Earlier (t ←)"
        title="Earlier (t ←)"
        onClick={() => range.shift(-1)}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <RangePicker />
      <Button
        variant="ghost"
        size="icon"
        aria-label="Later (t →)"
        title="Later (t →)"
        onClick={() => range.shift(1)}
      >
        <ChevronRight aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Zoom out (t −)"
        title="Zoom out (t −)"
        onClick={() => range.zoom(2)}
        className="max-sm:hidden"
      >
        <ZoomOut aria-hidden />
      </Button>
      <RefreshButton />
      <Select
        label="Refresh"
        hideLabel
        className="max-md:hidden"
        value={REFRESH.some((option) => option.value === range.refresh) ? range.refresh : 'off'}
        onChange={(event) => range.setRefresh(event.target.value)}
        options={REFRESH}
      />
    </div>
  );
}

function RefreshButton() {
  const client = useQueryClient();
  const fetching = useIsFetching() > 0;
  const refresh = () => {
    client.invalidateQueries().catch(() => undefined);
  };
  return (
    <Button variant="ghost" size="icon" aria-label="Refresh (d r)" title="Refresh (d r)" onClick={refresh}>
      <RefreshCw aria-hidden className={classNames(fetching && 'motion-safe:animate-spin')} />
    </Button>
  );
}
