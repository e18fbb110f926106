'use client';

import { useTimeText } from '#components/time/use-time-text.ts';
import { Td, Th } from '#components/ui/table.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';

/** The chart's numbers, newest first. */
export function ValuesTable({ panel, height }: { readonly panel: PanelModel; readonly height: number }) {
  const time = useTimeText();
  const rows = panel.times.map((at, i) => ({ at, i })).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="overflow-auto" style={{ height }} tabIndex={0} aria-label={`${panel.title}, values`}>
      <table className="w-full border-collapse text-xs">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <Th>Time</Th>
            {panel.series.map((series) => (
              <Th key={series.key} align="right">
                {series.name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map(({ at, i }) => (
            <tr key={at}>
              <Td className="whitespace-nowrap text-muted">{time.dateTime(at)}</Td>
              {panel.series.map((series) => (
                <Td key={series.key} align="right">
                  {formatValue(series.values[i], panel.unit)}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
