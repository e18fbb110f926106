'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CircleHelp, Search } from 'lucide-react';
import { useState } from 'react';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { SearchDialog } from './search-dialog.tsx';
import { useKeys } from './use-keys.ts';

const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'Search services, traces, pages; run a query'],
  ['t ←', 'Earlier'],
  ['t →', 'Later'],
  ['t +', 'Zoom in'],
  ['t −', 'Zoom out'],
  ['t z', 'Reset zoom'],
  ['d r', 'Refresh'],
  ['Ctrl/⌘ Enter', 'Run the queries (Explore)'],
  ['?', 'This list'],
];

/** Search and help buttons, and the keys that work on every page. */
export function Shortcuts() {
  const range = useTimeRange();
  const client = useQueryClient();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  useKeys({
    't ArrowLeft': () => range.shift(-1),
    't ArrowRight': () => range.shift(1),
    't +': () => range.zoom(0.5),
    't =': () => range.zoom(0.5),
    't -': () => range.zoom(2),
    't z': () => range.resetZoom?.(),
    'd r': () => {
      client.invalidateQueries().catch(() => undefined);
    },
    '/': () => setSearching(true),
    '?': () => setHelping(true),
  });
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Search (/)"
        title="Search (/)"
        onClick={() => setSearching(true)}
      >
        <Search aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Keyboard shortcuts (?)"
        title="Keyboard shortcuts (?)"
        onClick={() => setHelping(true)}
        className="max-lg:hidden"
      >
        <CircleHelp aria-hidden />
      </Button>
      <SearchDialog open={searching} onClose={() => setSearching(false)} />
      <Dialog open={helping} onClose={() => setHelping(false)} title="Keys">
        <table className="w-full">
          <caption className="sr-only">Keyboard shortcuts</caption>
          <tbody>
            {HELP.map(([keys, what]) => (
              <tr key={keys}>
                <td className="w-24 py-1">
                  {keys.split(' ').map((key) => (
                    <kbd key={key} className="mr-1 rounded border bg-raised px-1.5 py-0.5 font-mono text-xs">
                      {key}
                    </kbd>
                  ))}
                </td>
                <td className="py-1">{what}</td>
              </tr>
            ))}
            <tr>
              <td className="py-1 text-muted">On a chart</td>
              <td className="py-1">
                Drag to zoom; click a series to show it alone, shift-click to hide or show it
              </td>
            </tr>
          </tbody>
        </table>
      </Dialog>
    </>
  );
}
